// Sends the page's forms in place, one message at a time and in order, and repeats each under
// the same id until it is answered. Shows what comes later from server-sent events.
"use strict";
(() => {
  const $ = (s) => document.querySelector(s);
  const words = document.body.dataset, log = $("#log"), form = $("#say"), text = $("#text"), file = form.elements.file;
  const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(36).padStart(2, "0")).join("");
  const seen = new Set(), queue = [];
  let seq = 0, busy = false, wake = () => {}, recorder = null;
  document.documentElement.classList.add("js");

  const say = (status, forMs) => {
    $("#status").textContent = status;
    if (forMs) setTimeout(() => { if ($("#status").textContent === status) $("#status").textContent = ""; }, forMs);
  };
  const pause = (ms) => new Promise((done) => { wake = done; setTimeout(done, ms); });
  addEventListener("online", () => wake());

  // ready shows the buttons that need a script.
  const ready = (bubble) => {
    for (const b of bubble.querySelectorAll(".photo, .place")) b.hidden = b.matches(".place") && !navigator.geolocation;
  };

  // show puts a message of ours on the page, once.
  const show = (a, focus) => {
    if (a.toast) say(a.toast, 5000);
    if (!a.html || seen.has(a.id) || document.getElementById(a.id)) return;
    seen.add(a.id);
    document.body.classList.toggle("few", Boolean(a.few));
    const t = document.createElement("template");
    t.innerHTML = a.html;
    const bubble = t.content.firstElementChild, old = a.replace && document.getElementById(a.replace);
    ready(bubble);
    if (old) old.replaceWith(bubble); else log.append(bubble);
    if (focus) bubble.focus({ preventScroll: true });
    bubble.scrollIntoView({ block: bubble.offsetHeight > innerHeight / 2 ? "start" : "nearest" });
  };

  // mine shows what the citizen sent, until it is answered as waiting.
  const mine = (content) => {
    const bubble = document.createElement("article"), who = document.createElement("span");
    who.className = "hush";
    who.textContent = words.you + ": ";
    bubble.className = "me waiting";
    bubble.append(who, content);
    log.append(bubble);
    bubble.scrollIntoView({ block: "nearest" });
    return bubble;
  };

  // send queues a message; echo is how it looks, chips are the choices that it answers.
  const send = (fields, echo, { chips, focus } = {}) => {
    fields.set("id", `s${tab}.${++seq}`);
    const files = fields.getAll("file").some((f) => f.size > 0);
    if (!files) fields.delete("file");
    for (const c of log.querySelectorAll(".bot:not(.notice) .chips")) c.hidden = true;
    queue.push({ body: files ? fields : new URLSearchParams(fields), files, echo: echo && mine(echo), chips, focus });
    drain();
  };

  const drain = async () => {
    if (busy) return;
    busy = true;
    for (; queue.length; queue.shift()) {
      const turn = queue[0], a = await deliver(turn);
      turn.echo?.classList.remove("waiting");
      if (!a && turn.chips) turn.chips.hidden = false;
      if (!a) continue;
      if (a.replace && document.getElementById(a.replace)) turn.echo?.remove();
      show(a, turn.focus);
    }
    busy = false;
  };

  // deliver repeats a message until it is answered, or refused for good: then it gives nothing.
  const deliver = async (turn) => {
    for (let n = 0; ; n++) {
      let wait = Math.min(30, 2 ** n) * 1000 * (0.5 + Math.random() / 2);
      try {
        const r = await fetch(form.action, {
          method: "POST", body: turn.body, headers: { Accept: "application/json" }, credentials: "same-origin",
          signal: AbortSignal.timeout(turn.files ? 600000 : 30000),
        });
        if (r.ok) {
          const a = await r.json();
          say("");
          return a;
        }
        if (r.status < 500 && r.status !== 429 && r.status !== 408) {
          say(r.status === 413 ? words.large : words.refused, 15000);
          return null;
        }
        wait = Math.max(wait, 1000 * Math.min(60, Number(r.headers.get("Retry-After")) || 0));
      } catch { /* no connection, or one that broke off: the server may have it, and knows the id */ }
      say(words.retry);
      await pause(wait);
    }
  };

  const choose = () => {
    const files = [...file.files], large = files.reduce((sum, f) => sum + f.size, 0) > words.limit;
    if (large) { file.value = ""; say(words.large, 15000); return choose(); }
    $("#chosen").hidden = !files.length;
    $("#chosen span").textContent = files.map((f) => f.name).join(", ");
    if (files.length) $("#send").focus();
  };
  file.addEventListener("change", choose);
  $("#chosen button").addEventListener("click", () => { file.value = ""; choose(); text.focus(); });

  form.addEventListener("submit", (e) => {
    e.preventDefault();
    const typed = text.value.trim(), names = [...file.files].map((f) => f.name);
    if (!typed && !names.length) return text.focus();
    send(new FormData(form), [...names, typed].filter(Boolean).join("\n"));
    form.reset();
    choose();
    text.focus();
  });
  text.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
    e.preventDefault();
    form.requestSubmit();
  });

  log.addEventListener("submit", (e) => {
    e.preventDefault();
    if (e.submitter) send(new FormData(e.target, e.submitter), (e.submitter.querySelector("span") || e.submitter).textContent, { chips: e.target, focus: true });
  });
  log.addEventListener("click", (e) => {
    const b = e.target.closest(".photo, .place");
    if (!b) return;
    if (b.matches(".photo")) return file.click();
    say(words.locating);
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const fields = new FormData(b.form);
      fields.set("lat", coords.latitude);
      fields.set("lng", coords.longitude);
      say("");
      send(fields, words.place, { chips: b.form, focus: true });
    }, () => say(words.nowhere, 15000), { enableHighAccuracy: true, timeout: 20000 });
  });

  // A voice note: one press begins, the next one sends.
  const voice = $("#voice");
  voice.hidden = !(navigator.mediaDevices && window.MediaRecorder);
  voice.addEventListener("click", async () => {
    if (recorder) return recorder.stop();
    try {
      const sound = await navigator.mediaDevices.getUserMedia({ audio: true }), parts = [];
      recorder = new MediaRecorder(sound);
      recorder.addEventListener("dataavailable", (e) => parts.push(e.data));
      recorder.addEventListener("stop", () => {
        const type = recorder.mimeType.split(";")[0], fields = new FormData();
        for (const track of sound.getTracks()) track.stop();
        recorder = null;
        voice.setAttribute("aria-pressed", "false");
        say("");
        fields.append("file", new Blob(parts, { type }), "voice");
        send(fields, words.voice);
      });
      recorder.start();
      voice.setAttribute("aria-pressed", "true");
      say(words.recording);
    } catch { say(words.deaf, 15000); }
  });

  // Notices. The browser connects again by itself, except after an answer that is no stream.
  const listen = (after) => {
    const events = new EventSource(`${words.base}/events?after=${encodeURIComponent(after)}`);
    events.addEventListener("message", (e) => { after = e.lastEventId; show(JSON.parse(e.data)); });
    events.addEventListener("error", () => { if (events.readyState === EventSource.CLOSED) setTimeout(() => listen(after), 15000); });
  };
  listen(words.after);

  ready(log);
  addEventListener("beforeunload", (e) => { if (queue.length || recorder) e.preventDefault(); });
  const hello = $("#hello");
  if (hello) {
    hello.remove();
    if (location.search) history.replaceState(null, "", location.pathname); // an opening word is used once
    send(new FormData(hello));
  } else log.lastElementChild?.scrollIntoView();
})();
