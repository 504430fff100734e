// Runs before the page is drawn: theme and language; later the drawer on narrow screens.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const wide = matchMedia("(min-width: 900px)");
  const system = () => (dark.matches ? "dark" : "light");

  const showTheme = () => {
    root.dataset.theme = localStorage.getItem("reactune-theme") || system();
  };

  // Choosing what the system says anyway means following it again.
  const toggleTheme = () => {
    const theme = root.dataset.theme === "dark" ? "light" : "dark";
    if (theme === system()) localStorage.removeItem("reactune-theme");
    else localStorage.setItem("reactune-theme", theme);
    showTheme();
  };

  const setLanguage = (language) => {
    document.cookie = `reactune-language=${language}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  };

  // On a wide screen the drawer is a column that is always there; closed, no key may reach it.
  const showDrawer = (open) => {
    root.toggleAttribute("data-drawer", open && !wide.matches);
    const drawer = document.querySelector(".sidebar");
    if (drawer) drawer.inert = !open && !wide.matches;
  };

  const turnDrawer = (open) => {
    showDrawer(open);
    document.querySelector(open ? ".sidebar button" : ".bar [data-drawer-button]")?.focus();
  };

  document.addEventListener("click", (event) => {
    const has = (selector) => event.target.closest(selector);
    if (has("[data-theme-button]")) toggleTheme();
    else if (has("[data-language]")) setLanguage(has("[data-language]").dataset.language);
    else if (has(".bar [data-drawer-button]")) turnDrawer(true);
    else if (root.hasAttribute("data-drawer") && has(".scrim, .sidebar button:not([data-stay])")) turnDrawer(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.hasAttribute("data-drawer")) turnDrawer(false);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches(".log-out")) localStorage.setItem("reactune-left", String(Date.now()));
  });
  addEventListener("storage", (event) => {
    if (event.key === "reactune-theme") showTheme();
    if (event.key === "reactune-left") setTimeout(() => location.reload(), 300);
  });
  dark.addEventListener("change", showTheme);
  wide.addEventListener("change", () => showDrawer(false));
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".sidebar")) return; // it is drawn after this script has run
    observer.disconnect();
    showDrawer(false);
  }).observe(root, { childList: true, subtree: true });
  showTheme();
})();
