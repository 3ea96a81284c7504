/* The record form in the browser: its keys, the clock of the call, and what was typed, which stays
   here until the server has it. Nothing is decided here: the server checks everything again. */
(() => {
  const PREFIX = "aftercare-call:";
  const DAY = 86400000;
  const LOW = 2;
  const NO = () => window.dash_clientside.no_update;
  let about = null; // the call on the screen
  let typed = {}; // what stands in its fields
  let restored = null; // the attempt whose draft was put back
  let waiting = false; // something was sent and not answered
  let tenth = null; // a 1 that may become a 10

  /* --- what was typed, kept for a day at most ------------------------------------------------- */
  const drafts = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const forget = (name) => localStorage.removeItem(name);
  const sweep = () =>
    drafts().forEach((name) => {
      const kept = read(name);
      if (!kept || !(Date.now() - kept.at < DAY)) forget(name);
    });
  const keep = (more) => {
    if (!about?.open) return;
    const name = PREFIX + about.key;
    const before = read(name) || { attempt: about.attempt };
    try {
      localStorage.setItem(name, JSON.stringify({ ...before, ...more, at: Date.now() }));
    } catch {
      /* a full or forbidden store: the form works on, it only is not kept */
    }
  };
  sweep();
  document.addEventListener("submit", (event) => {
    if (event.target.action?.endsWith("/logout")) drafts().forEach(forget);
  });

  const field = (name) => ({ form: "call", name, type: "field" });
  const put = (name, value) => window.dash_clientside.set_props(field(name), { value });
  const named = (values, ids) =>
    Object.fromEntries(ids.map((id, place) => [id.name, values[place] ?? ""]));

  const restore = (original) => {
    restored = about.attempt;
    const kept = read(PREFIX + about.key);
    if (!kept?.typed) return;
    about.attempt = kept.attempt || about.attempt;
    Object.entries(kept.typed).forEach(([name, value]) => {
      if (name in original && name !== "proposed" && value !== original[name]) put(name, value);
    });
    if (kept.used?.length) window.dash_clientside.set_props("call-used", { value: kept.used });
    say(kept.pending ? "waiting" : "restored");
    setTimeout(() => document.querySelector(".call-status-restored") && say(""), 6000);
    again(Boolean(kept.pending));
    if (kept.typed.promise) open("call-promise");
    if (kept.typed.content || kept.typed.category) open("call-complaint");
  };
  const open = (id) => {
    const fold = document.getElementById(id);
    if (fold) fold.open = true;
  };

  const kept = (values, used, ids, told) => {
    if (!told?.open || !ids.length) return NO();
    const now = named(values, ids);
    if (restored !== told.attempt || about?.key !== told.key) {
      about = { ...told };
      typed = now;
      restored = told.attempt;
      waiting = false;
      say("");
      again(false);
      restore(now);
      restored = told.attempt;
      show();
      return NO();
    }
    const changed = JSON.stringify(now) !== JSON.stringify(typed);
    typed = now;
    if (changed || used?.length) keep({ typed, used: used || [] });
    show();
    return NO();
  };

  /* --- what the screen shows of it ------------------------------------------------------------ */
  const show = () => {
    const form = document.querySelector(".record");
    if (!form) return;
    form.dataset.way = typed.way || "";
    form.querySelectorAll("[data-way]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.way === typed.way));
    });
    form.querySelectorAll(".question").forEach((question) => {
      const name = question.querySelector("[data-choice]").dataset.choice;
      const score = typed[name];
      question.classList.toggle("is-low", score !== "" && Number(score) <= LOW);
    });
  };
  const length = () => {
    if (!typed.started) return 0;
    return Math.max(0, Math.round(((Number(typed.ended) || Date.now()) - Number(typed.started)) / 1000));
  };
  setInterval(() => {
    const clock = document.getElementById("call-clock");
    if (!clock) return;
    const words = `${Math.floor(length() / 60)}:${String(length() % 60).padStart(2, "0")}`;
    if (clock.textContent !== words) clock.textContent = words;
    clock.classList.toggle("runs", Boolean(typed.started));
  }, 500);

  const say = (kind) => {
    const place = document.getElementById("call-status");
    if (!place) return;
    place.className = kind ? `call-status call-status-${kind}` : "call-status";
    place.textContent = kind ? place.dataset[kind] : "";
  };
  const again = (shown) =>
    document.getElementById("call-again")?.classList.toggle("d-none", !shown);

  /* --- sending, and sending again -------------------------------------------------------------- */
  const message = () => {
    const now = Date.now();
    const call = typed.started
      ? { ago_s: Math.max(0, Math.floor((now - Number(typed.started)) / 1000)), talk_s: length() }
      : {};
    if (call.talk_s > call.ago_s) call.talk_s = call.ago_s;
    const { way, started, ended, ...fields } = typed;
    return { way, typed: fields, ...call, used: about.used || [], attempt: about.attempt, at: now };
  };
  const sent = (record, attempt, values, used, ids, told) => {
    if (!(record || attempt) || !ids.length || about?.key !== told?.key) return NO();
    typed = named(values, ids);
    about.used = used || [];
    if (typed.started && !typed.ended) {
      typed.ended = String(Date.now());
      put("ended", typed.ended);
    }
    keep({ typed, used: about.used, pending: true });
    waiting = true;
    say("sending");
    return message();
  };
  const resend = () => {
    if (!about?.open) return;
    const kept = read(PREFIX + about.key);
    about.used = kept?.used || [];
    waiting = true;
    say("sending");
    again(false);
    window.dash_clientside.set_props("call-sent", { data: message() });
  };
  const failed = (kind) => {
    say(kind);
    again(true);
    if (kind === "offline") later();
  };
  let timer = null;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (!waiting || !about?.open) return;
      try {
        const answer = await ask("/healthz", { cache: "no-store" });
        if (answer.ok) resend();
        else later();
      } catch {
        later();
      }
    }, 3000);
  };
  const answered = () => {
    waiting = false;
    clearTimeout(timer);
    keep({ pending: false });
    say("");
    again(false);
  };
  const saved = (attempt) => {
    if (!attempt) return NO();
    const name = about && PREFIX + about.key;
    if (name) forget(name);
    about = null;
    waiting = false;
    typed = {};
    say("");
    again(false);
    window.scrollTo(0, 0);
    setTimeout(() => document.getElementById("worklist-next")?.focus(), 50);
    return NO();
  };

  const ask = window.fetch.bind(window);
  const ours = (options) => {
    const body = options?.body;
    return typeof body === "string" && body.includes('"changedPropIds":["call-sent.data"]');
  };
  window.fetch = async (...request) => {
    if (!ours(request[1])) return ask(...request);
    try {
      const answer = await ask(...request);
      if (answer.status === 401) failed("signedOut");
      else if ([502, 503, 504].includes(answer.status)) failed("offline");
      else answered();
      return answer;
    } catch (error) {
      failed("offline");
      throw error;
    }
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    calls: { kept, sent, saved },
  });

  /* --- keys ------------------------------------------------------------------------------------ */
  const STOPS = "input:not([type=hidden]), select, textarea, summary, .form-actions button";
  const stops = (form) => {
    const seen = new Set();
    return [...form.querySelectorAll(STOPS)].filter((stop) => {
      if (stop.disabled || !stop.offsetParent) return false;
      if (stop.type !== "radio") return true;
      if (seen.has(stop.name)) return false;
      seen.add(stop.name);
      return true;
    });
  };
  const next = (from) => {
    const form = from.closest(".record");
    const first = from.type === "radio" ? form.querySelector(`[name="${CSS.escape(from.name)}"]`) : from;
    const all = stops(form);
    const stop = all[all.indexOf(first) + 1];
    land(stop);
  };
  const land = (stop) => {
    if (!stop) return;
    const chosen =
      stop.type === "radio" &&
      document.querySelector(`[name="${CSS.escape(stop.name)}"]:checked`);
    (chosen || stop).focus();
    (stop.closest(".question") || stop).scrollIntoView({ block: "nearest" });
  };
  const choose = (button, further = true) => {
    button.click();
    button.focus();
    if (further) setTimeout(() => next(button), 30);
  };
  const digit = (radio, key) => {
    const all = [...document.querySelectorAll(`[name="${CSS.escape(radio.name)}"]`)];
    const scale = radio.closest(".scale");
    if (!scale) return all[Number(key) - 1] && choose(all[Number(key) - 1]);
    const ten = all.find((one) => one.value === "10");
    if (ten && key === "0" && tenth) {
      clearTimeout(tenth);
      tenth = null;
      return choose(ten);
    }
    const found = all.find((one) => one.value === key);
    if (!found) return undefined;
    if (!ten || key !== "1") return choose(found);
    choose(found, false);
    tenth = setTimeout(() => {
      tenth = null;
      next(found);
    }, 700);
    return undefined;
  };
  const start = (way) => {
    if (!about?.open) return;
    put("way", way);
    if (way === "reached" && !typed.started) put("started", String(Date.now()));
    setTimeout(() => {
      const place = document.querySelector(`.way-${way} input[type=radio]`);
      if (place) land(place);
    }, 80);
  };
  const press = (element) => {
    if (element.matches("summary")) {
      element.parentElement.open = true;
      setTimeout(() => next(element), 30);
    } else {
      element.click();
    }
  };
  const save = () => {
    const way = document.querySelector(".record")?.dataset.way;
    document.querySelector(way === "missed" ? "#call-try" : "#call-record")?.click();
  };

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!document.querySelector(".call, .worklist")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && document.querySelector(".record")) {
      event.preventDefault();
      save();
      return;
    }
    if (!plain || event.isComposing) return;
    const radio = at.matches(".record input[type=radio]");
    if (radio && /^\d$/.test(event.key)) {
      event.preventDefault();
      digit(at, event.key);
      return;
    }
    if (at.matches(".record select") && /^[1-9]$/.test(event.key)) {
      const option = [...at.options].filter((one) => one.value)[Number(event.key) - 1];
      if (!option) return;
      event.preventDefault();
      put(JSON.parse(at.id).name, option.value);
      setTimeout(() => next(at), 30);
      return;
    }
    if (radio && (event.key === "Backspace" || event.key === "Delete")) {
      event.preventDefault();
      put(at.closest("[data-choice]").dataset.choice, null);
      return;
    }
    if (event.key === "Enter" && at.matches(".record input, .record select")) {
      event.preventDefault();
      next(at);
      return;
    }
    if (event.key === "Escape" && at.matches(".record input, .record select, .record textarea")) {
      at.blur();
      return;
    }
    if (at.matches("input:not([type=radio]):not([type=checkbox]), select, textarea")) return;
    if (at.closest(".modal, .ag-root, .dash-dropdown")) return;
    const key = event.key.toLowerCase();
    const found = [...document.querySelectorAll("[data-key]")].find(
      (one) => one.dataset.key === key && one.offsetParent,
    );
    if (!found) return;
    event.preventDefault();
    press(found);
  });

  document.addEventListener("click", (event) => {
    const way = event.target.closest("[data-way]");
    if (way?.matches("button")) start(way.dataset.way);
    if (event.target.closest("#call-again")) resend();
    const opener = event.target.closest("[data-opens]");
    const part = opener && document.getElementById(opener.dataset.opens);
    if (part) part.hidden = !part.hidden;
  });
  window.addEventListener("online", () => {
    if (waiting) {
      clearTimeout(timer);
      timer = setTimeout(resend, 300);
    }
  });
})();
