// Where a partial update cannot show the answer (an error, a sign-in), the browser goes there as a whole.
(() => {
  const whole = (ctx) => {
    const source = ctx.sourceElement;
    if (source instanceof HTMLFormElement && source.method === "post") source.submit();
    else location.assign(ctx.response?.raw.url ?? ctx.request.action);
  };
  // What stands beside a form never takes the place of what was typed.
  const isAside = (ctx) => ctx.sourceElement?.closest?.("[data-aside]");
  const alien = ({ raw, status }) =>
    (status >= 400 && status !== 422) || (raw.redirected && new URL(raw.url).pathname === "/sign-in");
  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    if (!alien(ctx.response)) return;
    event.preventDefault();
    if (!isAside(ctx)) whole(ctx);
  });
  document.addEventListener("htmx:error", (event) => {
    const { ctx, error } = event.detail;
    if (ctx && error?.name !== "AbortError" && !isAside(ctx)) whole(ctx);
  });
  // On a phone the detail stands in place of the list, so it begins at its top.
  document.addEventListener("htmx:after:swap", (event) => {
    const inList = event.detail.ctx?.sourceElement?.closest?.("#split");
    if (inList && matchMedia("(max-width: 60rem)").matches) scrollTo(0, 0);
  });
})();
