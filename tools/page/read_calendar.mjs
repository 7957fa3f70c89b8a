// Reads a calendar on standard input with ical.js, and prints its events as JSON.
import { text } from "node:stream/consumers";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(await text(process.stdin)));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const seconds = (time) => time.toUnixTime();
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  const alarms = component.getAllSubcomponents("valarm").map((alarm) => {
    const at = event.startDate.clone();
    at.addDuration(alarm.getFirstPropertyValue("trigger"));
    return seconds(at);
  });
  return {
    uid: event.uid,
    summary: event.summary,
    location: event.location,
    description: event.description,
    starts: seconds(event.startDate),
    ends: seconds(event.endDate),
    zone: event.startDate.zone.tzid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    geo: component.getFirstPropertyValue("geo"),
    url: component.getFirstPropertyValue("url"),
    alarms,
  };
});
const value = (name) => String(calendar.getFirstPropertyValue(name) ?? "");
console.log(JSON.stringify({ name: value("x-wr-calname"), refresh: value("refresh-interval"), ttl: value("x-published-ttl"), events }));
