// The console while it is open: timers that count, tickets that stay while they are used, the stream's
// health, and what is new said aloud.
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
  // The card above the form says of its call what the queue says.
  const follow = () => {
    for (const card of document.querySelectorAll("[data-pop]")) {
      const ticket = document.getElementById(card.dataset.pop);
      if (!ticket || ticket.matches(".gone")) continue;
      card.className = ticket.className.replace("ticket", "pop");
      for (const part of [".word", "time"]) {
        card.querySelector(part).replaceWith(ticket.querySelector(part).cloneNode(true));
      }
    }
  };

  // A ticket under the pointer or the focus stays in its place until it is left, though it ended or
  // somebody else has it: a click or Enter never meets the caller who moved up.
  let told = null; // The queue as it was told last, where something stays that is gone.
  const queue = () => document.getElementById("queue");
  const gone = (ticket, now) => {
    const copy = ticket.cloneNode(true);
    copy.className = "ticket gone";
    if (now) copy.querySelector(".what").replaceWith(now.querySelector(".what").cloneNode(true));
    else copy.querySelector(".word").lastChild.textContent = "Ended";
    for (const button of copy.querySelectorAll("button")) {
      button.type = "button";
      button.setAttribute("aria-disabled", "true");
      button.removeAttribute("data-key");
      button.querySelector("kbd")?.remove();
    }
    return copy;
  };
  const listIn = (page, list) => {
    const found = page.getElementById(list.id);
    if (found) return found;
    const section = list.closest("section").cloneNode(true);
    section.querySelector(".tickets").replaceChildren();
    let after = list.closest("section");
    do after = after.nextElementSibling;
    while (after && !page.getElementById(after.id));
    page.body.insertBefore(section, after && page.getElementById(after.id));
    return section.querySelector(".tickets");
  };
  const hold = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    let isHolding = false;
    for (const list of queue().querySelectorAll(".tickets")) {
      const tickets = [...list.children];
      // What stands above the pointer's ticket stays too, and what is new comes beneath it.
      const pointed = tickets.findLastIndex((ticket) => ticket.matches(":hover"));
      if (pointed < 0 && !list.querySelector(":focus-visible")) continue;
      const place = listIn(page, list);
      let last = null;
      for (const [i, ticket] of tickets.entries()) {
        const now = page.getElementById(ticket.id);
        const isHere = now?.parentElement === place;
        if (!isHere && i > pointed && !ticket.querySelector(":focus-visible")) continue;
        let row = now;
        if (!isHere) {
          isHolding = true;
          row = gone(ticket, now);
          const left = now?.parentElement;
          now?.remove();
          if (left?.children.length === 0) left.closest("section").remove();
        }
        if (!isHere || i <= pointed) {
          if (last) last.after(row);
          else place.prepend(row);
        }
        last = row;
      }
    }
    told = isHolding ? html : null;
    return page.body.innerHTML;
  };
  const leave = () => {
    if (told === null) return;
    setTimeout(async () => {
      if (told === null) return;
      const place = queue();
      await htmx.swap({ text: hold(told), sourceElement: place, target: place, swap: "innerMorph" });
      tick();
    });
  };
  // What the pointer's ticket is pushed down by is scrolled away.
  let pointer = null;
  const mark = () => {
    const ticket = queue().querySelector(".ticket:hover");
    pointer = ticket && { ticket, top: ticket.getBoundingClientRect().top };
  };
  const steady = () => {
    if (!pointer?.ticket.isConnected) return;
    const { ticket, top } = pointer;
    ticket.closest(".queue").scrollTop += ticket.getBoundingClientRect().top - top;
  };

  // The question before something written is left: to write on is the way back.
  const writeOn = (event) => {
    const question = document.querySelector(".question");
    if (!question) return;
    event.preventDefault();
    question.remove();
    document.querySelector("#take .walk :is(input, textarea, select)")?.focus();
  };

  // A call is ended from another page without a question only where nothing of it is written here.
  const isWritten = (draft) => {
    try {
      const values = Object.entries(JSON.parse(localStorage.getItem(`draft:${draft}`))?.values ?? {});
      return values.some(([name, value]) => name.startsWith("answers[") && String(value || "").trim() !== "");
    } catch {
      return true;
    }
  };
  const end = (form) => {
    if (isWritten(form.dataset.ends) || form.elements.asked) return;
    const asked = document.createElement("input");
    Object.assign(asked, { type: "hidden", name: "asked", value: "true" });
    form.append(asked);
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
    queue()?.addEventListener("pointerout", leave);
    queue()?.addEventListener("focusout", leave);
  });
  document.addEventListener("htmx:sse:before:message", ({ detail }) => {
    if (!queue()) return;
    mark();
    detail.message.data = hold(detail.message.data);
  });
  document.addEventListener("htmx:sse:after:message", () => {
    steady();
    agree();
    look();
    follow();
    tick();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-write-on]")) writeOn(event);
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.dataset.ends) end(target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") writeOn(event);
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
