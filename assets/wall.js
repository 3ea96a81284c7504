/* The wall screen: it turns its pages, asks the server for news, and never shows old figures as if
   they were new. One timer of a second drives everything, so that nothing can pile up; what is on
   the screen is replaced, never added to. */
(() => {
  const form = document.querySelector("form[data-once]");
  if (form) form.requestSubmit();
  const wall = document.getElementById("wall");
  if (!wall) return;

  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const TURN = { first: 25 * SECOND, other: 15 * SECOND };
  const PATIENCE = 15 * SECOND; // for one answer
  const OLD = 10 * MINUTE; // from then on the figures lie under a veil
  const SILENT = 36 * HOUR; // nothing new for so long is a finding of its own
  const LONGEST_WAIT = MINUTE;
  const ANEW = 4 * HOUR;
  const CALM = 5 * MINUTE; // at least so long between two reloads for a new version
  const FATAL = ["revoked", "signed_out"]; // nothing may be shown any more
  const RELOADED = "wall-reloaded";

  const words = JSON.parse(wall.dataset.words);
  const refresh = Number(wall.dataset.refresh) * SECOND;
  const part = (id) => document.getElementById(id);
  const lifetime = ANEW * (1 + Math.random() / 4);
  const born = performance.now();

  let told = null; // the latest state
  let pieces = null; // its pages by language
  let since = null; // when it came, by both clocks: one may jump, the other may sleep
  let trouble = wall.dataset.trouble || "";
  let failures = 0;
  let asking = false;
  let askAt = 0;
  let turnAt = 0;
  let turned = 0;
  let place = { language: 0, page: 0 };
  let shown = "";

  const jitter = (time) => time * (0.8 + 0.4 * Math.random());
  const set = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };
  const language = () => (told ? told.languages[place.language % told.languages.length] : spoken());
  const spoken = () => (document.documentElement.lang.startsWith("zh") ? "zh" : "en");
  const say = (key) => words[language()][key];

  /* --- asking ---------------------------------------------------------------------------------- */

  const ask = async () => {
    asking = true;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(address(), { signal: stop.signal, cache: "no-store" });
      const body = await answer.json().catch(() => ({}));
      if (answer.ok && body.tag) heard(body);
      else failed(body.trouble || "server");
    } catch {
      failed(navigator.onLine === false ? "offline" : "server");
    } finally {
      clearTimeout(timer);
      asking = false;
    }
  };

  const address = () => {
    const query = new URLSearchParams(location.search);
    if (told && pieces) query.set("have", told.tag);
    return `/wall/state?${query}`;
  };

  const heard = (body) => {
    trouble = "";
    failures = 0;
    pieces = body.pieces || pieces;
    told = { ...body, pieces: undefined };
    since = { wall: Date.now(), steady: performance.now() };
    askAt = performance.now() + jitter(refresh);
    if (outdated()) return again();
    paint();
  };

  const failed = (what) => {
    trouble = what;
    failures += 1;
    askAt = performance.now() + jitter(Math.min(LONGEST_WAIT, 2 * SECOND * 2 ** failures));
    if (FATAL.includes(what)) {
      told = pieces = since = null;
      shown = "";
      part("main").replaceChildren();
      part("strip").replaceChildren();
    }
    paint();
  };

  /* --- beginning anew: only when the server has just answered ------------------------------------ */

  const outdated = () => {
    if (performance.now() - born > lifetime) return true;
    if (told.version === wall.dataset.version) return false;
    return Date.now() - Number(sessionStorage.getItem(RELOADED) || 0) > CALM;
  };

  const again = () => {
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  };

  /* --- how old the figures are ------------------------------------------------------------------- */

  const passed = () => {
    if (!since) return 0;
    return Math.max(Date.now() - since.wall, performance.now() - since.steady);
  };
  const age = () => (told ? told.now - told.at + passed() : 0);
  const spell = (time) => {
    const minutes = Math.floor(time / MINUTE);
    if (minutes < 60) return say("minutes").replace("{n}", minutes);
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return say("hours").replace("{n}", hours);
    return say("days").replace("{n}", Math.floor(hours / 24));
  };
  const local = (moment) => new Date(moment + told.offset * MINUTE).toISOString();
  const hour = (moment) => local(moment).slice(11, 16);
  const day = (moment) => local(moment).slice(0, 10);
  const stamp = (moment) =>
    day(moment) === day(told.now + passed()) ? hour(moment) : `${day(moment)} ${hour(moment)}`;

  const isNight = () => {
    if (!told || told.opens === told.closes) return false;
    const now = hour(told.now + passed());
    const between = (from, to) => now >= from && now < to;
    return told.opens < told.closes
      ? !between(told.opens, told.closes)
      : between(told.closes, told.opens);
  };

  /* --- painting ---------------------------------------------------------------------------------- */

  const current = () => pieces?.[language()] ?? [];

  const paint = () => {
    const list = current();
    if (place.page >= list.length) place.page = 0;
    const piece = list[place.page];
    const name = piece ? `${told.tag}/${language()}/${piece.code}` : "";
    if (piece && name !== shown) put(piece, list);
    shown = name;
    document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
    paintTime();
    paintTrouble();
  };

  const put = (piece, list) => {
    part("main").innerHTML = piece.html;
    part("main").dataset.page = piece.code;
    part("strip").replaceChildren(...list.map((one) => knob(one, one.code === piece.code)));
  };

  const knob = (piece, here) => {
    const knob = document.createElement("span");
    knob.className = `knob tone-${piece.tone}`;
    if (here) knob.setAttribute("aria-current", "page");
    const mark = document.createElement("i");
    mark.className = "mark";
    mark.title = say(piece.tone);
    knob.append(mark, piece.title);
    return knob;
  };

  const paintTime = () => {
    set(part("name"), told ? told.name : "");
    set(part("asof"), told ? say("asof") : "");
    set(part("at"), told ? stamp(told.at) : "–:–");
    const newest = told?.written ? `${say("written")} ${stamp(told.written)}` : "";
    set(part("written"), newest);
    const quiet = told?.written && told.now + passed() - told.written > SILENT;
    part("written").classList.toggle("silent", Boolean(quiet));
  };

  const paintTrouble = () => {
    const old = age() > OLD;
    const lines = [];
    if (!told && !trouble) lines.push(say("loading"));
    if (trouble) lines.push(say(trouble));
    if (told && (old || (trouble && age() > MINUTE)))
      lines.push(say("stale").replace("{age}", spell(age())));
    set(part("notice"), lines.join(" "));
    part("notice").hidden = lines.length === 0;
    part("veil").hidden = !old;
    part("night").hidden = !isNight();
    wall.dataset.state = trouble || (old ? "old" : told ? "fresh" : "loading");
  };

  const turn = () => {
    const list = current();
    if (list.length === 0) return;
    place.page += 1;
    if (place.page >= list.length) {
      place = { page: 0, language: (place.language + 1) % told.languages.length };
    }
    turned = performance.now();
    turnAt = turned + (place.page === 0 ? TURN.first : TURN.other);
    paint();
  };

  /* --- the one timer ----------------------------------------------------------------------------- */

  const tick = () => {
    const now = performance.now();
    if (!asking && now >= askAt) ask();
    if (!pieces) turnAt = now + TURN.first;
    else if (now >= turnAt) turn();
    paint();
  };

  addEventListener("online", () => (askAt = 0));
  addEventListener("offline", () => failed("offline"));
  setInterval(tick, SECOND);
  tick();
})();
