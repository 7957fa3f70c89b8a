// Writes dates and times as the reader's language does. The server has written them in English for pages without a script.
"use strict";
window.hallwayTimes = (() => {
  const { zone, language, hours } = document.documentElement.dataset;
  const wanted = [language.replace("_", "-"), ...(navigator.languages || []), "en"].filter(Boolean);
  const day = { weekday: "short", day: "numeric", month: "short" };
  const time = { hour: hours === "24" ? "2-digit" : "numeric", minute: "2-digit" };
  const forms = { day, time, "day-time": { ...day, ...time } };
  const formats = new Map();
  const format = (form, at) => {
    const key = form + at;
    if (!formats.has(key)) {
      const cycle = hours && form !== "day" ? { hourCycle: hours === "12" ? "h12" : "h23" } : {};
      formats.set(key, new Intl.DateTimeFormat(wanted, { ...forms[form], ...cycle, timeZone: at || undefined }));
    }
    return formats.get(key);
  };
  const write = (element, form, moment, at) => {
    try {
      const made = format(form, at);
      const text = made.format(new Date(moment));
      if (element.textContent !== text) element.textContent = text;
      element.lang = made.resolvedOptions().locale;
    } catch { /* An old browser: it keeps the English text. */ }
  };
  return (scope) => {
    for (const element of scope.querySelectorAll("time[data-form]")) {
      const { form, zone: own } = element.dataset;
      // A date without a time is midnight in UTC.
      write(element, form, element.dateTime, element.dateTime.length === 10 ? "UTC" : own || zone);
    }
    for (const element of scope.querySelectorAll("option[data-day]")) write(element, "day", element.value, "UTC");
  };
})();
window.hallwayTimes(document);
