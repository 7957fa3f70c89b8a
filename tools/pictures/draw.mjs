// Draws the messages on standard input (the JSON of messages.py) into PNG files in the folder that is named.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import puppeteer from "puppeteer-core";

const folder = process.argv[2];
const here = import.meta.dirname;
const CARDS = 2; // Of a long list, so that a picture fits into a page of text.

const { outputFiles } = await build({
  entryPoints: [join(here, "page.jsx")],
  bundle: true,
  write: false,
  outdir: "out",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "error",
});
const text = (ending) => outputFiles.find((file) => file.path.endsWith(ending)).text;
const pictures = await json(process.stdin);
const profile = await mkdtemp(join(tmpdir(), "pictures-"));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  userDataDir: profile,
  timeout: 120_000,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 700, height: 400, deviceScaleFactor: 1.4 });
  await page.emulateTimezone("America/Los_Angeles");
  await page.setContent("<!doctype html><html lang='en'><body></body></html>");
  await page.addStyleTag({ content: text(".css") + readFileSync(join(here, "page.css"), "utf8") });
  await page.addScriptTag({ content: text(".js") });
  for (const [name, picture] of Object.entries(pictures)) {
    for (const platform of ["discord", "slack"]) {
      await page.evaluate((p, n, c) => window[p](n, c), platform === "discord" ? "drawDiscord" : "drawSlack", picture, CARDS);
      await new Promise((done) => setTimeout(done, 300));
      const { width, height } = await (await page.$("body > *")).boundingBox();
      const clip = { x: 0, y: 0, width, height: Math.floor(height) };
      await page.screenshot({ path: join(folder, `${name}-${platform}.png`), clip, captureBeyondViewport: true });
    }
  }
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
