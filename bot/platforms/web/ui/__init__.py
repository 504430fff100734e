"""What all pages are built of: elements, components, style sheets."""
