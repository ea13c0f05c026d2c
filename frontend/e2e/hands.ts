import { expect, type Locator, type Page } from "@playwright/test";

/** Somebody at the keyboard alone: each press of Enter or Space is a step, and so is each field written. */
export class Keyboard {
  steps = 0;
  constructor(private readonly page: Page) {}

  /** Walks with Tab, as far as it takes, until the thing has the focus. */
  async reach(wanted: Locator): Promise<void> {
    await expect(wanted).toBeEnabled();
    for (let tries = 0; tries < 150; tries++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`no way with Tab to ${wanted}`);
  }

  async press(wanted: Locator, key = "Enter"): Promise<void> {
    await this.reach(wanted);
    await this.page.keyboard.press(key);
    this.steps++;
  }

  async write(wanted: Locator, text: string): Promise<void> {
    await this.reach(wanted);
    await this.page.keyboard.type(text);
    this.steps++;
  }

  /** Finds a person by name: writes it, Enter takes the first. */
  async choose(field: Locator, name: string): Promise<void> {
    await this.write(field, name);
    await expect(this.page.getByRole("option", { name }).first()).toBeVisible();
    await this.page.keyboard.press("Enter");
    this.steps++;
  }
}

/** Somebody with a phone in one hand. */
export class Thumb {
  presses = 0;
  fields = 0;
  private letters = 0;
  private words = 0;

  async press(wanted: Locator): Promise<void> {
    this.presses++;
    await wanted.click();
  }

  async write(wanted: Locator, text: string): Promise<void> {
    this.fields++;
    this.letters += text.length;
    await this.press(wanted);
    await wanted.fill(text);
  }

  /** All of what stands there. */
  async read(wanted: Locator): Promise<void> {
    this.words += (await wanted.innerText()).split(/\s+/u).length;
  }

  /** How long it takes: 240 words read and 35 written a minute, and two and a half seconds to find and press a thing. */
  get seconds(): number {
    return Math.round(this.words / 4 + this.letters * 0.35 + this.presses * 2.5);
  }
}
