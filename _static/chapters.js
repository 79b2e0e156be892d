// A link to a value opens the fold that the value is in.  Recent browsers do so by themselves;
// this is for those that do not.
"use strict";

(function () {
  function reveal() {
    const name = decodeURIComponent(window.location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (!target) return;
    let wasClosed = false;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      wasClosed = wasClosed || !fold.open;
      fold.open = true;
    }
    if (wasClosed) target.scrollIntoView();
  }

  window.addEventListener("hashchange", reveal);
  window.addEventListener("DOMContentLoaded", reveal);
})();
