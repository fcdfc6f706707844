// Reads an iCalendar file from standard input with ical.js and writes what it understood as JSON. Times follow the file's own VTIMEZONE, as in a calendar that knows no zones.
import fs from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(0, 'utf8')));
ICAL.TimezoneService.reset();
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);

const instant = time => (time ? new Date(time.toUnixTime() * 1000).toISOString() : null);
console.log(JSON.stringify({
  method: calendar.getFirstPropertyValue('method'),
  name: calendar.getFirstPropertyValue('x-wr-calname'),
  properties: calendar.getAllProperties().map(property => property.name),
  events: calendar.getAllSubcomponents('vevent').map(component => {
    const event = new ICAL.Event(component);
    const alarm = component.getFirstSubcomponent('valarm');
    return {
      uid: event.uid,
      sequence: event.sequence,
      status: component.getFirstPropertyValue('status'),
      summary: event.summary,
      location: event.location,
      start: instant(event.startDate),
      end: component.getFirstProperty('dtend') ? instant(event.endDate) : null,
      zone: event.startDate.zone.tzid,
      alarm: alarm ? alarm.getFirstPropertyValue('trigger').toString() : null,
      properties: component.getAllProperties().map(property => property.name),
    };
  }),
}));
