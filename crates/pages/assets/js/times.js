// Keeps relative times true while a page stays open. The exact instant stands in the title.
(() => {
  const steps = [
    [60, 1, "second"],
    [3600, 60, "minute"],
    [86400, 3600, "hour"],
    [604800, 86400, "day"],
  ];
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
  const tell = (seconds) => {
    const size = Math.abs(seconds);
    if (size < 45) return "just now";
    const step = steps.find(([limit]) => size < limit);
    return step && words.format(Math.round(seconds / step[1]), step[2]);
  };
  const refresh = () => {
    for (const time of document.querySelectorAll("time[data-relative]")) {
      const told = tell((Date.parse(time.dateTime) - Date.now()) / 1000);
      if (told && told !== time.textContent) time.textContent = told;
    }
  };
  setInterval(refresh, 30000);
  document.addEventListener("visibilitychange", refresh);
})();
