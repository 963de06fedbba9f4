// The console while it is open: timers that count, the stream's health, and what is new said aloud.
(() => {
  const title = document.title;
  let ahead = 0; // How far the server's clock is ahead of this one, in milliseconds.
  let rows = null;
  let isOver = false;

  const clock = (seconds) => {
    const two = (n) => String(n).padStart(2, "0");
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  };
  const tick = () => {
    const now = Date.now() + ahead;
    for (const time of document.querySelectorAll("time[data-since]")) {
      const told = clock(Math.max(0, Math.floor((now - Date.parse(time.dateTime)) / 1000)));
      if (told !== time.textContent) time.textContent = told;
    }
  };
  const agree = () => {
    const told = document.querySelector("[data-now]");
    if (told) ahead = Date.parse(told.dataset.now) - Date.now();
  };
  const look = () => {
    const found = new Map();
    for (const row of document.querySelectorAll("#queue [data-row]")) {
      found.set(row.dataset.row + row.classList.contains("ringing"), row.dataset.says);
    }
    const fresh = rows ? [...found].filter(([id]) => !rows.has(id)).map(([, says]) => says) : [];
    rows = found;
    const place = document.querySelector("[data-announce]");
    if (place && fresh.length > 0) place.textContent = fresh.slice(0, 3).join(". ");
    const calling = document.querySelectorAll("#queue .ringing, #queue .waiting").length;
    document.title = calling > 0 ? `(${calling}) ${title}` : title;
  };
  const signal = (text, link) => {
    const place = document.querySelector("[data-stream]");
    if (!place) return;
    place.hidden = !text;
    place.textContent = text;
    if (link) place.append(" ", link);
  };
  const signIn = () => {
    const link = document.createElement("a");
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Sign in again";
    return link;
  };

  addEventListener("DOMContentLoaded", () => {
    agree();
    look();
    tick();
    setInterval(tick, 1000);
  });
  document.addEventListener("htmx:sse:after:message", () => {
    agree();
    look();
    tick();
  });
  document.addEventListener("htmx:sse:after:connection", () => signal(""));
  document.addEventListener("htmx:sse:error", (event) => {
    if (event.detail.status === 401) {
      isOver = true;
      signal("You are signed out. What you typed is kept in this browser.", signIn());
    } else if (!isOver) {
      signal("Not live just now. Trying again.");
    }
  });
  document.addEventListener("htmx:sse:before:connection", (event) => {
    if (isOver) event.preventDefault();
  });
})();
