// Makes a page live: the countdown, fresh content, changes that wait for a network. Without it the page works, too.
"use strict";
(() => {
  const top = document.querySelector("header[data-here]");
  if (!top) return;
  const here = new URL(top.dataset.here, location.href);
  const queueKey = "hallway:" + here.pathname;
  const news = document.getElementById("news");
  const MINUTE = 60000;
  const skewKey = "hallway-skew";
  let etag = top.dataset.etag ? `W/"${top.dataset.etag}"` : "";
  let generated = new Date(top.dataset.generated);
  let online = true;
  let gone = false;
  // How far the server's clock is ahead of this device's, in milliseconds.
  let skew = 0;
  try { skew = Number(localStorage.getItem(skewKey)) || 0; } catch { /* nothing is kept here */ }
  const present = () => Date.now() + skew;
  const learn = (answer) => {
    const now = answer.headers.get("X-Hallway-Now");
    if (!now) return;
    const found = new Date(now) - Date.now();
    skew = Math.abs(found) < 20000 ? 0 : found;
    try { localStorage.setItem(skewKey, String(skew)); } catch { /* as above */ }
  };

  const read = () => {
    try { return JSON.parse(localStorage.getItem(queueKey)) || []; } catch { return []; }
  };
  const write = (queue) => {
    try {
      if (queue.length) localStorage.setItem(queueKey, JSON.stringify(queue));
      else localStorage.removeItem(queueKey);
    } catch { say("Your browser stores nothing here, so the change is lost when you close the page."); }
  };
  const say = (...texts) => {
    news.replaceChildren(...texts.filter(Boolean).map((text) => {
      const line = document.createElement("p");
      line.textContent = text;
      return line;
    }));
  };

  const words = (milliseconds) => {
    const minutes = Math.max(0, Math.floor(milliseconds / MINUTE));
    if (minutes >= 2880) return Math.floor(minutes / 1440) + " days";
    if (minutes >= 60) return Math.floor(minutes / 60) + " h " + (minutes % 60) + " min";
    return minutes + " min";
  };

  const tick = () => {
    const now = present();
    for (const box of document.querySelectorAll("[data-countdown]")) {
      const left = new Date(box.dataset.countdown) - now;
      let rest = box.querySelector(".rest");
      if (!rest) {
        rest = document.createElement("span");
        rest.className = "rest";
        box.append(rest);
      }
      const late = left < 0;
      const text = late ? ": " + words(-left) + " ago. Leave now!" : left < MINUTE ? ": now!" : ": in " + words(left);
      if (rest.textContent !== text) rest.textContent = text;
      box.classList.toggle("late", late);
    }
    for (const card of document.querySelectorAll("[data-end]")) {
      card.classList.toggle("over", new Date(card.dataset.end) <= now);
    }
    const age = document.getElementById("age");
    if (age) {
      const old = !online || now - generated > 3 * MINUTE;
      const rest = old && now - generated >= MINUTE ? ", " + words(now - generated) + " ago." : ".";
      age.replaceChildren(online ? "Shown as of " : "No network. Shown as of ", age.querySelector("time"), rest);
      const stale = document.getElementById("stale");
      stale.hidden = !old;
      stale.textContent = old ? age.textContent : "";
    }
  };

  let flushing = false;
  const busy = () => document.activeElement && document.activeElement.closest("select, .filters input");
  const focused = () => {
    const form = document.activeElement && document.activeElement.closest("form[data-change]");
    return form ? form.dataset.change : "";
  };
  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const main = fresh.getElementById("main");
    const header = fresh.querySelector("header[data-generated]");
    if (!main || !header) return;
    generated = new Date(header.dataset.generated);
    const had = focused();
    const open = document.querySelector("details[open]");
    document.getElementById("main").replaceChildren(...main.childNodes);
    const again = document.querySelector("details");
    if (open && again) again.open = true;
    const age = document.getElementById("age");
    if (age && fresh.getElementById("age")) age.replaceWith(fresh.getElementById("age"));
    hallwayTimes(document);
    if (had) {
      const same = [...document.querySelectorAll("form[data-change]")].find((form) => form.dataset.change === had);
      (same ? same.querySelector("button") : document.getElementById("main")).focus();
    }
    marked();
    tick();
  };

  const refresh = async () => {
    try {
      const answer = await fetch(location.href, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (answer.headers.get("X-Hallway-Kept")) throw new Error("kept");
      online = true;
      learn(answer);
      if (answer.headers.get("X-Hallway-Nobody")) { await leave(await answer.text()); return; }
      // The session of this page left the schedule: the server says so.
      if (answer.status === 404) { location.reload(); return; }
      if (answer.status === 304) generated = new Date(present());
      if (answer.ok) {
        const html = await answer.text();
        // Somebody who is choosing from a list gets the fresh page at the next turn.
        if (!busy()) {
          etag = answer.headers.get("ETag") || "";
          show(html);
        }
      }
    } catch { online = false; }
    tick();
    // A change that could not be sent while the network was coming back.
    if (online && read().length && !flushing) flush();
  };

  const forget = async () => {
    write([]);
    const worker = navigator.serviceWorker && await navigator.serviceWorker.getRegistration(here.pathname);
    if (worker && worker.active) worker.active.postMessage("forget");
  };

  // The address was replaced: nothing stays on this device, and what was not sent is said.
  const leave = async (html) => {
    const lost = read().map((change) => change.label);
    gone = true;
    await forget();
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("main");
    top.remove();
    for (const footer of document.querySelectorAll("footer")) footer.remove();
    document.getElementById("main").replaceChildren(...(fresh ? fresh.childNodes : []));
    if (lost.length) say("These changes were not sent. Make them again on your new page:", ...lost);
    else say();
    document.getElementById("main").focus();
  };

  const send = async (change) => {
    const answer = await fetch(new URL("do", here), {
      method: "POST",
      headers: { "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      body: change.body,
    });
    if (answer.headers.get("X-Hallway-Nobody")) { await leave(await answer.text()); throw new Error("gone"); }
    if (answer.status === 429 || answer.status >= 500) throw new TypeError("later");
    if (!answer.ok) return { ok: false, text: "The page it was made on is too old. Do it again on this page." };
    return answer.json();
  };

  // When the change that is being sent was made; it stays in the queue until there is an answer.
  let sending = 0;
  // What waits behind a change of the same session was decided in the knowledge of that change.
  const after = (done, change) => {
    if (topic(done) !== topic(change)) return change;
    const sent = new URLSearchParams(change.body);
    if (sent.has("was")) sent.set("was", { attend: "going", skip: "", star: "starred" }[new URLSearchParams(done.body).get("command")] ?? "");
    return { ...change, body: sent.toString() };
  };
  let flushed = Promise.resolve();
  const flush = () => {
    if (!flushing && read().length) flushed = sendAll();
    return flushed;
  };
  const sendAll = async () => {
    flushing = true;
    const results = [];
    try {
      while (read().length) {
        const [change] = read();
        sending = change.at;
        const result = await send(change);
        const others = read().filter((other) => other.at !== change.at);
        write(others.map((other) => (result.ok ? after(change, other) : other)));
        results.push(change.label + (result.ok ? " - done. " : " - not done. ") + result.text);
      }
    } catch (error) { if (error instanceof TypeError) online = false; } finally { flushing = false; sending = 0; }
    if (gone) return;
    if (results.length) {
      say("Sent now, because the network is back:", ...results, read().length ? read().length + " more wait." : "");
      await refresh();
    }
  };

  const bodyOf = (form) => new URLSearchParams(new FormData(form)).toString();
  // Of a session the last decision counts: a change of another kind replaces the one that waits.
  const topic = ({ body }) => {
    const sent = new URLSearchParams(body);
    return sent.has("was") ? sent.get("a.code") : body;
  };
  const isSame = (one, other) =>
    topic(one) === topic(other) && new URLSearchParams(one.body).get("command") === new URLSearchParams(other.body).get("command");
  const marked = () => {
    const queue = read();
    for (const form of document.querySelectorAll("form[data-change]")) {
      const button = form.querySelector("button");
      const waits = queue.some((change) => isSame(change, { body: bodyOf(form) }));
      if (waits === Boolean(button.dataset.waits)) continue;
      button.dataset.plain ||= button.textContent;
      if (waits) button.dataset.waits = "1"; else delete button.dataset.waits;
      button.textContent = button.dataset.plain + (waits ? " (waits)" : "");
      button.setAttribute("aria-label", form.dataset.change + (waits ? " (waits; press to take it back)" : ""));
    }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-change]");
    if (!form) return;
    event.preventDefault();
    const change = { label: form.dataset.change, body: bodyOf(form), at: Date.now() };
    const button = form.querySelector("button");
    if (button.dataset.waits) {
      if (flushing) {
        say("This change is being sent. If that fails, I undo it: " + change.label);
        await flushed;
      }
      const queue = read();
      const left = queue.filter((other) => !isSame(other, change));
      if (left.length < queue.length) {
        write(left);
        say("Undone, and not sent: " + change.label);
      }
      marked();
      return;
    }
    button.setAttribute("aria-busy", "true");
    try {
      if (read().length) throw new TypeError("in order");
      const result = await send(change);
      online = true;
      say(result.text);
      await refresh();
    } catch (error) {
      if (gone) return;
      if (!(error instanceof TypeError)) { say("That did not work. Open the page again."); return; }
      write([...read().filter((other) => other.at === sending || topic(other) !== topic(change)), change]);
      say("There is no network. I store this change and send it later: " + change.label);
      marked();
      flush();
    } finally { button.removeAttribute("aria-busy"); }
  });

  const renew = () => { if (!gone && !document.hidden) flush().then(() => gone || refresh()); };

  // The days and the sessions of the agenda open without a network, too.
  const keep = async () => {
    if (!("serviceWorker" in navigator)) return;
    try {
      await navigator.serviceWorker.register(new URL("sw.js", here), { scope: here.pathname });
      const { active } = await navigator.serviceWorker.ready;
      const links = [...document.querySelectorAll(".days a, .timeline h3 a")].map((link) => link.href);
      if (links.length) active.postMessage({ keep: links.slice(0, 30) });
    } catch { /* Without a worker the page needs a network. */ }
  };

  addEventListener("online", renew);
  addEventListener("offline", () => { online = false; tick(); });
  document.addEventListener("visibilitychange", renew);
  setInterval(() => { if (!gone && !document.hidden) tick(); }, 5000);
  setInterval(renew, MINUTE);
  if (location.hash === "#not-kept") {
    say("There is no network, and that page was never opened on this device. This is your agenda.");
    history.replaceState(null, "", location.pathname);
  }
  keep();
  marked();
  flush().then(() => gone || refresh());
})();
