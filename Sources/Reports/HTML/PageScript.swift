/// What a page does by itself: other colours, other orders of rows, values under the pointer, copying.
///
/// It only ever moves what is there and sets text; without it everything is there to be read.
enum PageScript {
    /// The SHA-256 of ``text`` in base64; a test holds it.
    static let hash = "4992YHdmQ96SDRe9RIPAWUU+SW858MasZBPBRhia6QY="

    static let text = #"""

        "use strict";
        (() => {
          const root = document.documentElement;
          const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

          // Colours: as the system has them, light, dark.
          const theme = document.getElementById("theme");
          const themes = ["", "light", "dark"];
          const names = ["as the system has them", "light", "dark"];
          const signs = ["◐", "○", "●"];
          const show = (name) => {
            const place = Math.max(0, themes.indexOf(name));
            if (name) root.dataset.theme = name; else delete root.dataset.theme;
            theme.textContent = signs[place];
            theme.setAttribute("aria-label", "Colours: " + names[place]);
            theme.title = "Colours: " + names[place];
          };
          let chosen = location.hash === "#dark" ? "dark" : location.hash === "#light" ? "light" : "";
          try { chosen = chosen || localStorage.getItem("tapedeck-theme") || ""; } catch (error) { }
          show(chosen);
          theme.hidden = false;
          theme.addEventListener("click", () => {
            chosen = themes[(Math.max(0, themes.indexOf(chosen)) + 1) % themes.length];
            show(chosen);
            try { localStorage.setItem("tapedeck-theme", chosen); } catch (error) { }
          });

          // Orders of rows.
          const order = (cell) => {
            const number = Number(cell.dataset.order);
            return cell.dataset.order !== undefined && !Number.isNaN(number) ? number : cell.textContent.toLowerCase();
          };
          all("table.sortable").forEach((table) => {
            const heads = all("thead th", table);
            heads.forEach((head, column) => {
              const button = head.querySelector("button");
              if (!button) return;
              button.addEventListener("click", () => {
                const rows = Array.from(table.tBodies[0].rows);
                const isNumber = rows.length > 0 && typeof order(rows[0].cells[column]) === "number";
                const before = head.getAttribute("aria-sort");
                const next = before === "none" ? (isNumber ? "descending" : "ascending")
                  : before === "ascending" ? "descending" : "ascending";
                heads.forEach((other) => { if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none"); });
                head.setAttribute("aria-sort", next);
                const sign = next === "ascending" ? 1 : -1;
                rows.sort((a, b) => {
                  const left = order(a.cells[column]), right = order(b.cells[column]);
                  return left < right ? -sign : left > right ? sign : 0;
                });
                table.tBodies[0].append(...rows);
              });
            });
          });

          // Rows that hold a text.
          all("input[data-filter]").forEach((field) => {
            const table = document.getElementById(field.dataset.filter);
            const line = field.closest(".filter");
            if (!table) return;
            line.hidden = false;
            const apply = () => {
              const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
              let shown = 0;
              const rows = Array.from(table.tBodies[0].rows);
              rows.forEach((row) => {
                const text = row.textContent.toLowerCase();
                row.hidden = !words.every((word) => text.includes(word));
                if (!row.hidden) shown += 1;
              });
              line.querySelector("output").textContent = words.length ? shown + " of " + rows.length : "";
            };
            field.addEventListener("input", apply);
            field.addEventListener("keydown", (event) => { if (event.key === "Escape") { field.value = ""; apply(); } });
          });

          // Values under the pointer, or where the arrow keys are: in all charts of one table at once.
          const charts = all("figure[data-table]").map((figure) => {
            const svg = figure.querySelector("svg");
            const table = document.getElementById(figure.dataset.table);
            const box = svg.viewBox.baseVal;
            const cursor = svg.querySelector(".cursor");
            const left = Number(figure.dataset.left || 50), right = Number(figure.dataset.right || 410);
            return { figure, svg, table, box, cursor, left, right, rows: table ? table.tBodies[0].rows : [] };
          });
          const point = (table, place) => {
            charts.filter((chart) => chart.table === table).forEach((chart) => {
              const row = place === null ? null : chart.rows[place];
              all("[data-column]", chart.figure).forEach((value) => {
                value.textContent = row ? row.cells[Number(value.dataset.column)].textContent : "";
              });
              const moment = chart.figure.querySelector(".moment");
              if (moment) moment.textContent = row ? row.cells[0].textContent : "";
              if (!row) { chart.cursor.setAttribute("visibility", "hidden"); return; }
              const x = chart.left + (place + 0.5) * (chart.right - chart.left) / chart.rows.length;
              chart.cursor.setAttribute("x1", x);
              chart.cursor.setAttribute("x2", x);
              chart.cursor.setAttribute("visibility", "visible");
            });
          };
          charts.forEach((chart) => {
            if (!chart.table || chart.rows.length === 0) return;
            let place = null;
            const move = (to) => {
              place = to === null ? null : Math.min(chart.rows.length - 1, Math.max(0, to));
              point(chart.table, place);
            };
            chart.svg.addEventListener("pointermove", (event) => {
              const frame = chart.svg.getBoundingClientRect();
              const x = (event.clientX - frame.left) / frame.width * chart.box.width;
              move(Math.floor((x - chart.left) / (chart.right - chart.left) * chart.rows.length));
            });
            chart.svg.addEventListener("pointerleave", () => move(null));
            chart.svg.addEventListener("blur", () => move(null));
            chart.svg.addEventListener("keydown", (event) => {
              const step = event.shiftKey ? 10 : 1;
              const at = place === null ? -1 : place;
              if (event.key === "ArrowRight") move(at + step);
              else if (event.key === "ArrowLeft") move(place === null ? chart.rows.length - 1 : at - step);
              else if (event.key === "Home") move(0);
              else if (event.key === "End") move(chart.rows.length - 1);
              else if (event.key === "Escape") move(null);
              else return;
              event.preventDefault();
            });
          });

          // Command lines.
          all("button.copy").forEach((button) => {
            if (!navigator.clipboard) return;
            button.hidden = false;
            button.addEventListener("click", () => {
              const text = button.parentElement.querySelector("code").textContent;
              navigator.clipboard.writeText(text).then(() => {
                button.textContent = "Copied";
                setTimeout(() => { button.textContent = "Copy"; }, 1500);
              }, () => { });
            });
          });
        })();

        """#
}
