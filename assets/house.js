/* What the browser does by itself. Nothing here decides anything: figures and rights are the server's. */
(() => {
  const YEAR = 31536000;
  const keep = (name, value) => {
    document.cookie = `${name}=${value};path=/;samesite=lax;max-age=${YEAR}`;
  };
  const root = document.documentElement;

  /* --- light and dark: the server draws in light colours, here they are exchanged ------------ */
  const exchanged = (part, colours) => {
    if (typeof part === "string") return colours[part] ?? part;
    if (Array.isArray(part)) return part.map((item) => exchanged(item, colours));
    if (part && typeof part === "object") {
      return Object.fromEntries(
        Object.entries(part).map(([key, item]) => [
          key,
          key === "customdata" ? item : exchanged(item, colours),
        ]),
      );
    }
    return part;
  };

  const themed = (figure, theme, look) => {
    if (!figure) return { data: [], layout: { template: look[theme] } };
    const drawn = theme === "dark" ? exchanged(figure, look.exchange) : figure;
    return { ...drawn, layout: { ...drawn.layout, template: look[theme] } };
  };

  /* a grid that is not there yet asks for its rows anyway */
  const gridOf = (id) => {
    try {
      return window.dash_ag_grid?.getApi?.(id);
    } catch {
      return null;
    }
  };

  const currentTheme = () => root.dataset.bsTheme || "light";

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    house: {
      come: (_near, card) => card,
      drawn: (figure, _theme, look) => themed(figure, currentTheme(), look),
      switched: (clicks) => {
        if (!clicks) return window.dash_clientside.no_update;
        root.dataset.bsTheme = currentTheme() === "dark" ? "light" : "dark";
        keep("theme", currentTheme());
        return currentTheme();
      },
      gone: (search) => {
        if (typeof search === "string") window.dash_clientside.set_props("shell-url", { search });
      },
      clicked: () => {
        const { triggered, triggered_id: id } = window.dash_clientside.callback_context;
        const point = triggered.length === 1 && triggered[0].value?.points?.[0]?.customdata;
        if (!point) return;
        const click = { name: id.name, point, at: Date.now() };
        window.dash_clientside.set_props("shell-click", { data: click });
      },
      marked: (faults, marks) => {
        const words = marks.map((id) => faults?.words[id.metric] ?? "");
        const shown = words.map((each) => (each ? "doubt shown" : "doubt"));
        const href = faults?.href ?? window.dash_clientside.no_update;
        return [shown, words, marks.map(() => href), words];
      },
      renewed: (_search, _fresh, _clicks, id) => {
        gridOf(id)?.purgeInfiniteCache();
        return window.dash_clientside.no_update;
      },
    },
  });

  /* --- going to a page without loading everything again -------------------------------------- */
  const go = (href) => {
    if (!href || !href.startsWith("/") || href.startsWith("//")) return;
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  };
  const plainClick = (event) =>
    event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

  /* --- Dash tells every component of whatever happens: once for all that happens at one go ------- */
  const byHand = () => window.event && window.event.type !== "message"; // a field is told at once
  const atOneGo = (tell) => {
    let due = false;
    const now = () => {
      due = false;
      tell();
    };
    return () => {
      if (byHand()) return tell();
      if (!due) queueMicrotask(now);
      due = true;
    };
  };
  let store;
  Object.defineProperty(window, "store", {
    get: () => store,
    set: (made) => {
      const subscribe = made.subscribe;
      store = Object.assign(made, { subscribe: (tell) => subscribe(atOneGo(tell)) });
    },
  });

  /* --- what stands still: one component instead of hundreds, each of which Dash would look at -- */
  const follow = (event) => {
    if (!plainClick(event)) return;
    event.preventDefault();
    go(event.currentTarget.getAttribute("href"));
  };
  const put = (part, key) => {
    if (Array.isArray(part)) return part.map(put);
    if (!part || typeof part !== "object") return part;
    const ours = part.tag === "link";
    const props = ours ? { key, onClick: follow, ...part.props } : { key, ...part.props };
    return React.createElement(ours ? "a" : part.tag, props, put(part.inside));
  };

  /* --- what comes when its place is near the screen ------------------------------------------- */
  const whenNear = (place, rootMargin, tell) => {
    const told = (all) => all.some((one) => one.isIntersecting) && tell();
    const seen = new IntersectionObserver(told, { rootMargin });
    seen.observe(place);
    window.addEventListener("beforeprint", tell);
    return () => {
      seen.disconnect();
      window.removeEventListener("beforeprint", tell);
    };
  };

  /* printing waits for them */
  document.addEventListener("keydown", (event) => {
    const missing = () => document.querySelector(".is-further, .is-loading");
    if (event.key !== "p" || !(event.ctrlKey || event.metaKey) || !missing()) return;
    event.preventDefault();
    const print = () => {
      if (!missing()) return window.print();
      window.dispatchEvent(new Event("beforeprint"));
      setTimeout(print, 100);
    };
    print();
  });

  /* --- a card further down: its title, until the card itself comes ----------------------------- */
  const Further = ({ children, near, title, width, height, setProps }) => {
    const place = React.useRef(null);
    const here = Boolean(children);
    React.useEffect(
      () => (near || here ? undefined : whenNear(place.current, "50% 0px", () => setProps({ near: true }))),
      [near, here],
    );
    if (here) return children;
    const head = React.createElement("header", { className: "widget-head" }, React.createElement("h2", null, title));
    const box = React.createElement("div", { className: "widget", style: { minHeight: height } }, head);
    const look = { ref: place, className: `span-${width} is-further`, "aria-label": title };
    return React.createElement("section", look, box);
  };
  window.house = { Still: ({ tree }) => put(tree), Further };

  /* --- the grid's script is large: the first grid that comes near the screen brings it --------- */
  const brought = (src) =>
    new Promise((there, failed) => {
      const script = document.createElement("script");
      document.head.append(Object.assign(script, { src, onload: there, onerror: failed }));
    });
  const Grid = React.lazy(async () => {
    await brought(document.querySelector("meta[name=grid]").content);
    const { AgGrid } = window.dash_ag_grid;
    window.dash_ag_grid = { ...window.dash_ag_grid, AgGrid: Waiting }; // or it would be put up anew
    return { default: AgGrid };
  });
  const Waiting = (props) => {
    const [near, come] = React.useReducer(() => true, false);
    const place = React.useRef(null);
    React.useEffect(() => (near ? undefined : whenNear(place.current, "100px", come)), [near]);
    const { className, style } = props;
    const empty = React.createElement("div", { ref: place, className, style });
    return near
      ? React.createElement(React.Suspense, { fallback: empty }, React.createElement(Grid, props))
      : empty;
  };
  window.dash_ag_grid = { AgGrid: Waiting };

  window.dashAgGridFunctions = Object.assign({}, window.dashAgGridFunctions, {
    openRow: (params) => {
      const picked = window.getSelection()?.toString();
      const onControl = params.event?.target?.closest?.("a, button, input");
      if (params.data?.href && !picked && !onControl) go(params.data.href);
    },
  });

  window.dashAgGridComponentFunctions = Object.assign({}, window.dashAgGridComponentFunctions, {
    Tone: ({ value }) => {
      if (!value || typeof value !== "object") return value ?? null;
      return React.createElement("span", { className: `tone tone-${value.tone}` }, [
        React.createElement("i", { key: "i", className: `bi bi-${value.shape}`, "aria-hidden": true }),
        value.word,
      ]);
    },
    Open: ({ value, data, as }) => {
      if (!data?.href) return value ?? null;
      const className = as === "action" ? "btn btn-sm btn-outline-primary" : undefined;
      return React.createElement("a", { href: data.href, onClick: follow, className }, value);
    },
  });

  /* --- menus, navigation, language ------------------------------------------------------------ */
  const closeMenus = (except) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  };
  const showRail = (shown) => {
    document.body.classList.toggle("rail-open", shown);
    document.getElementById("shell-menu-button")?.setAttribute("aria-expanded", String(shown));
  };

  document.addEventListener("click", (event) => {
    const target = event.target;
    closeMenus(target.closest("details.menu"));
    if (target.closest("#shell-menu-button")) {
      showRail(!document.body.classList.contains("rail-open"));
    } else if (target.closest(".rail a") || target.closest("#veil")) {
      showRail(false);
    }
    target.closest("details.export")?.querySelectorAll("a").forEach((file) => {
      file.search = window.location.search; // as the page is narrowed
    });
    const language = target.closest("[data-language]");
    if (language) {
      keep("lang", language.dataset.language);
      window.location.reload();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    closeMenus(null);
    showRail(false);
  });

  /* --- an address with #part: the page arrives after the address ------------------------------ */
  let sought = null;
  const seek = () => {
    const part = window.location.hash.slice(1);
    if (!part || sought === window.location.href) return;
    const found = document.getElementById(decodeURIComponent(part));
    if (!found) return;
    sought = window.location.href;
    found.scrollIntoView();
    found.classList.add("sought");
  };
  /* Dash hides this part of its dropdown from readers and yet lets the keyboard reach it */
  const mend = () => {
    document
      .querySelectorAll('.dash-dropdown-focus-target[tabindex="0"]')
      .forEach((part) => part.setAttribute("tabindex", "-1"));
  };
  const arrived = () => {
    seek();
    mend();
  };
  new MutationObserver(arrived).observe(root, { childList: true, subtree: true });
  window.addEventListener("hashchange", () => {
    sought = null;
    seek();
  });

  /* --- no answer, or nobody signed in --------------------------------------------------------- */
  const AGAIN = 5000;
  const CALL = "/_dash-update-component";
  const AWAY = ["offline", "database"];
  const PAGES = ["_pages_content", "/_dash-layout", "/_dash-dependencies"];
  const FAULTS = '"output":"shell-faults.data"';
  const UNFILLED = ".is-loading:not(:has(.grid:empty))"; // grids wait to be near
  let kind = "";
  let edition = null;
  let newer = false;
  let pageIsMissing = false;
  let timer = null;

  const say = (what) => {
    const back = AWAY.includes(kind) && !what;
    kind = what || (newer ? "newer" : "");
    paint();
    if (AWAY.includes(kind)) timer ??= setTimeout(tryAgain, AGAIN);
    if (back) heal();
  };

  const paint = () => {
    const place = document.getElementById("weather");
    if (!place || place.dataset.kind === kind) return;
    place.dataset.kind = kind;
    place.replaceChildren();
    if (AWAY.includes(kind)) place.append(place.dataset[kind]);
    if (kind === "newer") {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-primary";
      button.textContent = place.dataset.reload;
      button.onclick = () => window.location.reload();
      place.append(`${place.dataset.newer} `, button);
    }
    if (kind === "signed-out") {
      const way = document.createElement("a");
      const here = window.location.pathname + window.location.search;
      way.href = `/login?next=${encodeURIComponent(here)}`;
      way.textContent = place.dataset.signIn;
      place.append(`${place.dataset.signedOut} `, way);
    }
  };

  const ask = window.fetch.bind(window);

  const tryAgain = async () => {
    timer = null;
    const answer = await ask("/readyz", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) say("");
    else say(answer ? nameOf(answer) : "offline");
  };

  /* cards are asked again; what was typed stays. A page that never came is fetched anew */
  const heal = () => {
    if (pageIsMissing) window.location.reload();
    else window.dash_clientside.set_props?.("shell-fresh", { data: `back-${Date.now()}` });
  };

  /* every answer of ours names the edition of the code: one without it is a proxy's */
  const nameOf = (answer) => {
    const found = answer.headers.get("Aftercare-Edition");
    edition ??= found;
    newer ||= Boolean(found) && found !== edition;
    if (answer.status === 401) return "signed-out";
    if (![502, 503, 504].includes(answer.status)) return "";
    return found ? "database" : "offline";
  };

  const missed = ([address, options]) => {
    const asked = `${address?.url ?? address} ${options?.body ?? ""}`;
    pageIsMissing ||= PAGES.some((part) => asked.includes(part));
  };

  /* a callback that failed before it could speak: its answer is words, and names the failure */
  const told = async (answer) => {
    if (answer.status !== 500 || !isCallback(answer)) return;
    if (!answer.headers.get("Aftercare-Edition")) return;
    const children = await answer.clone().text();
    const className = "notice notice-bad";
    const toast = { children, className, duration: null, is_open: true };
    window.dash_clientside.set_props?.("shell-toast", toast);
  };

  const isCallback = (address) => String(address?.url ?? address).includes(CALL);

  /* what may be wrong with the figures is asked for once they are there, or do not come */
  const isAboutFaults = (options) => String(options?.body).includes(FAULTS);
  const figuresAreThere = async () => {
    for (let tries = 100; tries && document.querySelector(UNFILLED); tries -= 1) {
      await new Promise((goOn) => setTimeout(goOn, 50));
    }
  };

  /* Dash lets go of a button only when an answer came, whole: a connection that dies is one too */
  window.fetch = async (...request) => {
    try {
      if (isAboutFaults(request[1])) await figuresAreThere();
      const answer = await ask(...request);
      if (isCallback(request[0])) await answer.clone().blob();
      const found = nameOf(answer);
      told(answer);
      if (AWAY.includes(found)) missed(request);
      say(found);
      return answer;
    } catch (error) {
      if (error.name === "AbortError") throw error;
      missed(request);
      say("offline");
      if (!isCallback(request[0])) throw error;
      return new Response("", { status: 504 });
    }
  };
  window.addEventListener("offline", () => say("offline"));
  window.addEventListener("online", tryAgain);
})();
