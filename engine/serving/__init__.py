"""The engines that answer, behind one port."""
