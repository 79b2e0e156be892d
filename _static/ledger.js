/* The ledger: what its controls, the address of the page and the table have to do with one another.
   The table itself (search, order, pages, columns, export) is the work of DataTables, in
   datatables.js.  Without either file the table stays complete and plain.

   The address: text (not q, which Sphinx's own search takes for itself on every page), and any
   number of verdict, paper, stat, check; sort (a column, "-" before it for
   the other direction), show and hide (columns), rows (number or "all") and page. */
(() => {
  "use strict";

  const node = document.querySelector("table.nc-ledger");
  const form = document.querySelector("form.nc-ledger-controls");
  if (!node || !form) return;
  if (!globalThis.itables) {
    node.classList.add("nc-plain");
    return;
  }
  const DataTable = globalThis.itables.default;
  const PAGE = 25;
  const FACETS = ["verdict", "paper", "stat", "check"];
  const columns = [...node.tHead.rows[0].cells].map((head) => ({
    name: head.dataset.name,
    title: head.textContent,
    isShown: head.dataset.visible !== "false",
  }));

  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  /* Filters.  Within one filter any chosen value will do; every filter has to agree. */
  const rows = [...node.tBodies[0].rows];
  const facets = FACETS.map((name) => {
    const boxes = [...form.querySelectorAll(`input[name="${name}"]`)];
    const number = new Map(boxes.map((box, index) => [box.value, index]));
    return {
      name,
      boxes,
      tallies: boxes.map((box) => box.closest("label").querySelector(".nc-tally")),
      counts: new Uint32Array(boxes.length),
      chosen: new Set(),
      values: rows.map((row) => row.dataset[name].split(" ").map((value) => number.get(value))),
    };
  });

  /* A value's count is of the rows that it would add: those that fit the search and all other
     filters.  So a row counts for every filter if none refuses it, and else for the only one. */
  const isShown = (index) => {
    let refusing = null;
    for (const facet of facets) {
      if (!facet.chosen.size || facet.values[index].some((value) => facet.chosen.has(value))) continue;
      if (refusing) return false;
      refusing = facet;
    }
    for (const facet of refusing ? [refusing] : facets) {
      for (const value of facet.values[index]) facet.counts[value] += 1;
    }
    return !refusing;
  };

  const showCounts = () => {
    for (const facet of facets) {
      facet.tallies.forEach((tally, index) => {
        tally.textContent = facet.counts[index];
        tally.closest("label").classList.toggle("nc-empty", facet.counts[index] === 0);
      });
      facet.counts.fill(0);
    }
  };

  const table = new DataTable(node, {
    autoWidth: false,
    orderClasses: false,
    order: [],
    pageLength: PAGE,
    lengthMenu: [PAGE, 100, { label: "all", value: -1 }],
    layout: { topStart: null, topEnd: null, bottomStart: "pageLength", bottomEnd: "paging" },
    language: {
      lengthMenu: "_MENU_ claims a page",
      zeroRecords: "No claim fits. Take a filter away, or search for less.",
      emptyTable: "This ledger has no claims.",
      aria: { paginate: { first: "First page", last: "Last page", next: "Next page", previous: "Previous page" } },
    },
    columnDefs: [{ targets: "_all", orderSequence: ["asc", "desc", ""] }],
  });
  table.search.fixed("filters", (_text, _data, index) => isShown(index));
  table.on("search", showCounts);

  const column = (name) => table.column(`${name}:name`);

  /* The state of the page, which is that of the controls and of the table, as an address. */
  const search = form.elements.text;
  const lengthName = () => (table.page.len() < 0 ? "all" : String(table.page.len()));

  const address = () => {
    const asked = new URLSearchParams();
    if (search.value.trim()) asked.append("text", search.value.trim());
    for (const facet of facets) {
      for (const index of facet.chosen) asked.append(facet.name, facet.boxes[index].value);
    }
    for (const [index, direction] of table.order()) {
      if (direction) asked.append("sort", (direction === "desc" ? "-" : "") + columns[index].name);
    }
    for (const { name, isShown: atFirst } of columns) {
      if (column(name).visible() !== atFirst) asked.append(atFirst ? "hide" : "show", name);
    }
    if (table.page.len() !== PAGE) asked.append("rows", lengthName());
    if (table.page() > 0) asked.append("page", String(table.page() + 1));
    const query = asked.toString();
    return location.pathname + (query ? `?${query}` : "") + location.hash;
  };

  /* While the page follows an address, or is printed, it does not write one.  A search that is
     being typed is one step of the history, whatever its length. */
  let isFollowing = true;
  let wasTyped = false;
  const remember = (isTyped = false) => {
    if (isFollowing) return;
    const next = address();
    if (next !== location.pathname + location.search + location.hash) {
      history[isTyped && wasTyped ? "replaceState" : "pushState"](null, "", next);
    }
    wasTyped = isTyped;
  };

  const follow = () => {
    isFollowing = true;
    const asked = new URLSearchParams(location.search);
    search.value = asked.get("text") ?? "";
    const unknown = [];
    for (const facet of facets) {
      const wanted = new Set(asked.getAll(facet.name));
      facet.boxes.forEach((box) => {
        box.checked = wanted.delete(box.value);
      });
      unknown.push(...wanted);
      takeChoices(facet);
    }
    const [show, hide] = ["show", "hide"].map((name) => new Set(asked.getAll(name)));
    for (const { name, isShown: atFirst } of columns) {
      column(name).visible(atFirst ? !hide.has(name) : show.has(name), false);
    }
    const order = asked
      .getAll("sort")
      .map((word) => [columns.findIndex(({ name }) => name === word.replace(/^-/, "")), word])
      .filter(([index]) => index >= 0)
      .map(([index, word]) => [index, word.startsWith("-") ? "desc" : "asc"]);
    const length = asked.get("rows") === "all" ? -1 : Number.parseInt(asked.get("rows"), 10);
    table.page.len(length > 0 || length === -1 ? length : PAGE);
    table.order(order).search(search.value).draw();
    const page = Number.parseInt(asked.get("page"), 10) - 1;
    if (page > 0 && page < table.page.info().pages) table.page(page).draw("page");
    showColumns();
    showState(unknown);
    isFollowing = false;
    wasTyped = false;
  };

  /* What is shown, in words, and the filters that are set, each a button that removes it. */
  const count = document.querySelector(".nc-count");
  const chosenList = form.querySelector(".nc-chosen");
  const menus = [...form.querySelectorAll("details")];
  const titleOf = (box) => box.closest("fieldset").querySelector("legend").textContent;
  const labelOf = (box) => {
    const [label] = box.closest("label").querySelectorAll("span:not(.nc-badge, .nc-glyph, .nc-tally)");
    return label?.textContent ?? box.value;
  };

  const takeChoices = (facet) => {
    facet.chosen = new Set([...facet.boxes.keys()].filter((index) => facet.boxes[index].checked));
  };

  const showState = (unknown = []) => {
    const { recordsDisplay, recordsTotal, start, end } = table.page.info();
    const all = recordsDisplay === recordsTotal;
    const range = end - start < recordsDisplay ? `, ${start + 1} to ${end} on this page` : "";
    const lost = unknown.length ? ` The address also asks for ${unknown.join(", ")}, which is not here.` : "";
    const words = `${all ? `${recordsTotal} claims` : `${recordsDisplay} of ${recordsTotal} claims`}${range}.${lost}`;
    if (count.textContent !== words) count.textContent = words;
    const chosen = facets.flatMap((facet) => [...facet.chosen].map((index) => facet.boxes[index]));
    const chips = chosen.map((box) => {
      const words = `${titleOf(box)}: ${labelOf(box)}`;
      const button = make("button", { type: "button", ariaLabel: `Remove the filter ${words}` }, words);
      button.addEventListener("click", () => {
        const place = [...chosenList.children].indexOf(button.parentElement);
        box.click();
        (chosenList.children[place] ?? chosenList.lastElementChild)?.firstElementChild.focus();
        if (!chosenList.children.length) search.focus();
      });
      return make("li", {}, button);
    });
    if (chosen.length || search.value) {
      const clear = make("button", { type: "button", className: "nc-clear" }, "Clear all");
      clear.addEventListener("click", () => {
        search.value = "";
        for (const facet of facets) {
          for (const box of facet.boxes) box.checked = false;
          takeChoices(facet);
        }
        table.search("").draw();
        search.focus();
      });
      chips.push(make("li", {}, clear));
    }
    chosenList.replaceChildren(...chips);
    for (const menu of menus) {
      const tally = menu.querySelector("summary .nc-tally");
      const boxes = [...menu.querySelectorAll("input")];
      const number = boxes.filter((box) => box.checked).length;
      if (tally) tally.textContent = boxes[0]?.name === "column" || number ? number || "" : "";
    }
  };

  /* A row opens below itself: its evidence, and the columns that are not shown. */
  const details = (row) => {
    const list = make("dl", { className: "nc-row-details" });
    for (const { name, title } of columns) {
      if (name !== "evidence" && column(name).visible()) continue;
      const cell = table.cell(row, `${name}:name`).node();
      const said = [...cell.childNodes].map((child) => child.cloneNode(true));
      list.append(make("div", {}, make("dt", {}, title), make("dd", {}, ...said)));
    }
    return list;
  };

  /* Where a row is a card it is no row to the browser, but it stays one to a screen reader. */
  const giveRoles = (row) => {
    row.role = "row";
    for (const cell of row.cells) {
      cell.role = cell.tagName === "TD" ? "cell" : cell.scope === "row" ? "rowheader" : "columnheader";
    }
  };
  node.role = "table";
  for (const group of [node.tHead, node.tBodies[0]]) group.role = "rowgroup";

  const addOpeners = () => {
    giveRoles(node.tHead.rows[0]);
    for (const row of table.rows({ page: "current" }).nodes().toArray()) {
      if (row.querySelector(".nc-opener")) continue;
      giveRoles(row);
      const cell = row.querySelector("th");
      const name = `Evidence and details: ${cell?.textContent ?? ""}`;
      const opener = make("button", { type: "button", className: "nc-opener", ariaLabel: name, ariaExpanded: "false" });
      (cell ?? row.cells[0])?.prepend(opener);
    }
  };

  const open = (row, isOpen) => {
    const child = table.row(row).child;
    if (isOpen) child(details(row), "nc-row-opened").show();
    else child.remove();
    row.querySelector(".nc-opener").ariaExpanded = String(isOpen);
    row.classList.toggle("nc-open", isOpen);
  };

  node.tBodies[0].addEventListener("click", ({ target }) => {
    if (target.matches(".nc-opener")) open(target.closest("tr"), target.ariaExpanded !== "true");
  });

  const showColumns = () => {
    for (const box of form.querySelectorAll('input[name="column"]')) {
      box.checked = column(box.value).visible();
    }
    for (const row of node.querySelectorAll("tr.nc-open")) open(row, true);
  };

  /* Downloads of what is shown: these rows in this order, and these columns. */
  const plain = (cell) => (cell.dataset.search ?? cell.textContent).trim();
  const exported = {
    columns: ":visible",
    modifier: { search: "applied", order: "applied" },
    format: { body: (_data, _row, _column, cell) => plain(cell), header: (_data, index) => columns[index].title },
  };
  const buttons = new DataTable.Buttons(table, {
    buttons: [
      { extend: "csvHtml5", text: "CSV", filename: "claims-shown", exportOptions: exported, newline: "\n" },
      {
        text: "JSON",
        action: () => {
          const { header, body } = table.buttons.exportData(exported);
          const shown = body.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index]])));
          const file = new Blob([`${JSON.stringify(shown, null, 1)}\n`], { type: "application/json" });
          const link = make("a", { href: URL.createObjectURL(file), download: "claims-shown.json" });
          link.click();
          URL.revokeObjectURL(link.href);
        },
      },
    ],
  });
  form.querySelector(".nc-ledger-buttons").append(buttons.container()[0]);

  /* What the reader does. */
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (target === search) {
      isFollowing = true;
      table.search(search.value).draw();
      isFollowing = false;
      remember(true);
    }
  });
  form.addEventListener("change", ({ target }) => {
    const facet = facets.find(({ name }) => name === target.name);
    if (facet) {
      takeChoices(facet);
      table.draw();
    } else if (target.name === "column") {
      column(target.value).visible(target.checked, false);
      showColumns();
      showState();
      remember();
    }
  });
  form.addEventListener("keydown", (event) => {
    const menu = event.target.closest("details[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  for (const happening of ["pointerdown", "focusin"]) {
    document.addEventListener(happening, ({ target }) => {
      for (const menu of menus) if (!menu.contains(target)) menu.open = false;
    });
  }
  addEventListener("popstate", follow);

  table.on("draw", () => {
    addOpeners();
    showState();
    remember();
  });
  table.on("page", () => {
    if (!isFollowing && node.getBoundingClientRect().top < 0) count.scrollIntoView({ block: "start" });
  });

  /* Paper has no pages to turn: it gets every row that fits. */
  let before = null;
  addEventListener("beforeprint", () => {
    isFollowing = true;
    before ??= [table.page.len(), table.page()];
    table.page.len(-1).draw(false);
  });
  addEventListener("afterprint", () => {
    if (!before) return;
    table.page.len(before[0]).draw(false);
    table.page(before[1]).draw("page");
    before = null;
    isFollowing = false;
  });

  form.hidden = false;
  follow();
})();
