/* Runs in the head, before anything is painted: the theme, and whether the screen is a phone's. */
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  if (!root.dataset.bsTheme) root.dataset.bsTheme = dark.matches ? "dark" : "light";

  const narrow = matchMedia("(max-width: 640px)");
  const tell = () => {
    document.cookie = `narrow=${narrow.matches ? 1 : 0};path=/;samesite=lax;max-age=31536000`;
  };
  narrow.addEventListener("change", tell);
  tell();
})();
