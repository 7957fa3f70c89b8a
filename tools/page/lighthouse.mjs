// Measures the pages whose addresses are named, as a mid-range phone loads them, and prints the figures as JSON.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import * as launcher from "chrome-launcher";
import lighthouse from "lighthouse";

const profile = await mkdtemp(join(tmpdir(), "lighthouse-"));
const chrome = await launcher.launch({
  chromePath: process.env.CHROMIUM || "/usr/bin/chromium",
  userDataDir: profile,
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  maxConnectionRetries: 600,
});
const found = [];
try {
  for (const url of process.argv.slice(2)) {
    // Lighthouse's own defaults are those of a mid-range phone with a slow mobile network.
    const { lhr } = await lighthouse(url, { port: chrome.port, output: "json", logLevel: "error" });
    const failed = Object.values(lhr.categories).flatMap((category) =>
      category.auditRefs
        .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
        .map(({ id }) => `${category.id}: ${id}`),
    );
    const { audits } = lhr;
    found.push({
      scores: Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)])),
      paint: audits["first-contentful-paint"].numericValue,
      largest: audits["largest-contentful-paint"].numericValue,
      blocked: audits["total-blocking-time"].numericValue,
      bytes: audits["total-byte-weight"].numericValue,
      failed,
    });
  }
} finally {
  await chrome.kill();
  await rm(profile, { recursive: true, force: true });
}
console.log(JSON.stringify(found));
