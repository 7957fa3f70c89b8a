// Draws one message as Discord and as Slack show it. Runs in the browser.
import "@skyra/discord-components-core";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { Message } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";

const ZONE = "America/Los_Angeles";
const BUTTONS = { 1: "primary", 2: "secondary", 3: "success", 4: "destructive" };

const clock = (seconds) =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: ZONE }).format(seconds * 1000);

function ago(seconds, now) {
  const minutes = Math.round((seconds - now) / 60);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "always" });
  return Math.abs(minutes) < 60 ? words.format(minutes, "minute") : words.format(Math.round(minutes / 60), "hour");
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

// The part of Discord's markdown that Hallway uses.
function markdown(text, now) {
  return escaped(text)
    .replace(/&lt;t:(\d+):(\w)&gt;/g, (_, at, style) => {
      return `<span class="time">${style === "R" ? ago(at, now) : clock(at)}</span>`;
    })
    .replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")
    .replace(/(?<![\\*])\*([^*\n]+)\*/g, "<em>$1</em>")
    .replace(/\\([\\*_~`|<>#.()[\]-])/g, "$1")
    .replace(/\n/g, "<br>");
}

function embed({ title, description, fields, color }, now) {
  const drawn = document.createElement("discord-embed");
  drawn.slot = "embeds";
  drawn.setAttribute("color", `#${color.toString(16).padStart(6, "0")}`);
  if (title) drawn.setAttribute("embed-title", title.replace(/\\(.)/g, "$1"));
  const body = description
    ? `<discord-embed-description slot="description">${markdown(description, now)}</discord-embed-description>`
    : "";
  const rows = (fields || []).map(
    (field, n) =>
      `<discord-embed-field field-title="${escaped(field.name)}" ${field.inline ? `inline inline-index="${(n % 3) + 1}"` : ""}>` +
      `${markdown(field.value, now)}</discord-embed-field>`,
  );
  const listed = rows.length ? `<discord-embed-fields slot="fields">${rows.join("")}</discord-embed-fields>` : "";
  drawn.innerHTML = body + listed;
  return drawn;
}

function component(item) {
  if (item.type === 2) {
    const disabled = item.disabled ? "disabled" : "";
    return `<discord-button type="${BUTTONS[item.style]}" ${disabled}>${escaped(item.label)}</discord-button>`;
  }
  return `<div class="menu">${escaped(item.placeholder)}<span>&#8964;</span></div>`;
}

window.drawDiscord = ({ line, now, discord }, cards) => {
  const messages = document.createElement("discord-messages");
  const message = document.createElement("discord-message");
  message.setAttribute("author", "Hallway");
  message.setAttribute("bot", "");
  message.setAttribute("avatar", AVATAR);
  message.setAttribute("timestamp", `Today at ${clock(now)}`);
  message.setAttribute("role-color", "#ffffff");
  message.innerHTML = markdown(discord.content, now);
  if (line) {
    const command = document.createElement("discord-command");
    command.slot = "reply";
    command.setAttribute("author", "you");
    command.setAttribute("avatar", PERSON);
    command.setAttribute("command", line.split(" ")[0]);
    message.setAttribute("ephemeral", "");
    message.prepend(command);
  }
  discord.embeds.slice(0, cards).forEach((card) => message.append(embed(card, now)));
  if (discord.components.length) {
    const rows = document.createElement("discord-attachments");
    rows.slot = "components";
    rows.innerHTML = discord.components
      .map((row) => `<discord-action-row>${row.components.map(component).join("")}</discord-action-row>`)
      .join("");
    message.append(rows);
  }
  messages.append(message);
  document.body.replaceChildren(messages);
};

// Stands for the colon in a time: the library takes the ":40:" of "09:40:" for an emoji.
const COLON = "\ue000";

// The library draws neither Slack's dates nor bold text that is marked as verbatim.
function drawable(block, now) {
  const text = JSON.stringify(block)
    .replace(/<!date\^(\d+)\^\{(\w+)\}\|[^>]*>/g, (_, at, style) => {
      return style === "ago" ? ago(at, now) : clock(at).replace(":", COLON);
    })
    .replace(/,"verbatim":true/g, "");
  return JSON.parse(text);
}

window.drawSlack = ({ line, now, slack }, cards) => {
  const root = document.createElement("div");
  root.className = "slack";
  document.body.replaceChildren(root);
  const sections = slack.blocks.filter((block) => block.accessory);
  const blocks = slack.blocks.filter((block) => !block.accessory || sections.indexOf(block) < cards);
  const shown = blocks.map((block) => drawable(block, now));
  flushSync(() =>
    createRoot(root).render(
      <>
        {line && <p className="private">&#128065; Only visible to you</p>}
        <Message theme="light" logo={AVATAR} name="Hallway" time={new Date(now * 1000)} blocks={shown} />
      </>,
    ),
  );
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(COLON, ":");
};

const AVATAR =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><rect width="80" height="80" fill="#4f6bed"/>' +
      '<path d="M22 62V18h8v18h20V18h8v44h-8V44H30v18z" fill="#fff"/></svg>',
  );

const PERSON =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><rect width="80" height="80" fill="#e8a33d"/>' +
      '<circle cx="40" cy="32" r="14" fill="#fff"/><path d="M14 76a26 26 0 0 1 52 0z" fill="#fff"/></svg>',
  );
