/* Sending a file for an import: chosen or dropped, with its progress, and what is wrong in words. */
(() => {
  const DROP = "import-drop";
  const REASONS = { 400: "out", 401: "out", 413: "large" }; // which words go with which answer
  const chosen = { store: "", kind: "" };
  let words = null; // a mapping to go with it
  let last = null; // the file sent last, to be sent again once what was wrong is put right

  const cookie = (name) =>
    document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  const part = (box, name) => box.querySelector(`.${name}`);
  const complain = (box, words) => {
    part(box, "drop-trouble").textContent = words || "";
  };

  /* XMLHttpRequest, because fetch does not tell how much of a file has gone */
  const send = (address, fields, { sent, answered }) => {
    const form = new FormData();
    Object.entries(fields).forEach(([name, value]) => form.append(name, value));
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", cookie("_csrf_token") ?? "");
    request.responseType = "text";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) sent?.(event.loaded / event.total);
    });
    request.addEventListener("load", () => answered(request.status, read(request.responseText)));
    request.addEventListener("error", () => answered(0, {}));
    request.send(form);
  };
  const read = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  };

  const show = (token) =>
    window.dash_clientside.set_props("import-arrived", { data: `${token} ${Date.now()}` });

  /* --- the file ------------------------------------------------------------------------------ */
  const busy = (box, words) => {
    box.classList.toggle("is-busy", Boolean(words));
    box.querySelectorAll("button").forEach((button) => {
      button.disabled = Boolean(words);
    });
    box.querySelector("progress").hidden = !words;
    part(box, "drop-said").textContent = words;
  };

  const problem = (box, file) => {
    if (!chosen.store) return box.dataset.store;
    if (!chosen.kind) return box.dataset.kind;
    return file.size > Number(box.dataset.largest) ? box.dataset.large : "";
  };

  const sendFile = (box, file) => {
    last = file;
    const again = part(box, "again");
    again.hidden = true;
    const wrong = problem(box, file);
    complain(box, wrong);
    if (wrong) {
      again.hidden = wrong === box.dataset.large;
      return;
    }
    const bar = box.querySelector("progress");
    bar.value = 0;
    busy(box, `${box.dataset.sending} ${file.name}`);
    send(
      "/admin/import/file",
      { ...chosen, ...(words && { mapping: words }), file },
      {
        sent: (share) => {
          bar.value = share;
          if (share === 1) {
            bar.removeAttribute("value");
            part(box, "drop-said").textContent = box.dataset.looking;
          }
        },
        answered: (status, said) => {
          busy(box, "");
          if (said.token) {
            last = words = null;
            show(said.token);
            return;
          }
          again.hidden = status === 413;
          complain(box, said.error || box.dataset[REASONS[status] ?? "failed"]);
        },
      },
    );
  };

  const choose = (then, accept) => {
    const field = document.createElement("input");
    field.type = "file";
    field.accept = accept;
    field.addEventListener("change", () => field.files[0] && then(field.files[0]));
    field.click();
  };

  const sendWords = (box, file) => {
    complain(box, "");
    send("/admin/import/mapping", { token: box.dataset.token, file }, {
      answered: (status, said) => {
        if (said.token) show(said.token);
        else complain(box, said.error || box.dataset[REASONS[status] ?? "failed"]);
      },
    });
  };

  document.addEventListener("click", (event) => {
    const box = document.getElementById(DROP);
    if (box && event.target.closest(`#${DROP} .choose`)) {
      choose((file) => sendFile(box, file), ".csv,.txt,.xlsx,.xls");
    } else if (box && last && event.target.closest(`#${DROP} .again`)) {
      sendFile(box, last);
    }
    const button = event.target.closest(".with-words");
    if (box && button) {
      choose((file) => {
        words = file;
        button.textContent = box.dataset.words.replace("{file}", file.name);
      }, ".toml");
    }
    const own = event.target.closest(".own-words");
    if (own && event.target.closest(".choose-words")) {
      choose((file) => sendWords(own, file), ".toml");
    }
  });

  /* a file dropped beside the box must not replace the page */
  const over = (event) => {
    const box = document.getElementById(DROP);
    if (!box || !event.dataTransfer?.types.includes("Files")) return null;
    event.preventDefault();
    box.classList.toggle("is-over", box.contains(event.target));
    return box;
  };
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.getElementById(DROP)?.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    const box = over(event);
    box?.classList.remove("is-over");
    const file = event.dataTransfer?.files[0];
    if (box && file && !box.classList.contains("is-busy")) sendFile(box, file);
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    importing: {
      chosen: (store, kind) => {
        Object.assign(chosen, { store: store || "", kind: kind || "" });
        const box = document.getElementById(DROP);
        if (box && chosen.store && chosen.kind) complain(box, "");
        return window.dash_clientside.no_update;
      },
    },
  });
})();
