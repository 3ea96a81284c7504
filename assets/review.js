/* Prints the page from a button on it. */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
