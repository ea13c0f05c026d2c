import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Scale, Segmented, TextField } from "./Field";
import { Meter } from "./Meter";
import { ErrorState } from "./states";
import { Table } from "./Table";

beforeAll(() => i18n.loadAndActivate({ locale: "en", messages: {} }));
afterEach(cleanup);

const show = (children: ReactNode) => render(<I18nProvider i18n={i18n}>{children}</I18nProvider>);

test("a button that is off says why, and does nothing", () => {
  const onClick = vi.fn();
  show(
    <Button disabledReason="Both sign first." onClick={onClick}>
      Plan
    </Button>,
  );
  const button = screen.getByRole("button", { name: "Plan" });
  fireEvent.click(button);
  expect(onClick).not.toHaveBeenCalled();
  expect(button.getAttribute("aria-disabled")).toBe("true");
  const reason = document.getElementById(button.getAttribute("aria-describedby") ?? "");
  expect(reason?.textContent).toBe("Both sign first.");
});

test("a field's complaint is tied to it", () => {
  show(<TextField label="Email" error="Write an address." />);
  const field = screen.getByLabelText("Email");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
    "Write an address.",
  );
});

test("a scale names its ends and lets one number be chosen", () => {
  show(<Scale name="learned" legend="I learned" low="Not at all" high="Fully" />);
  expect(screen.getByRole("radio", { name: "1, Not at all" })).toBeDefined();
  const top = screen.getByRole<HTMLInputElement>("radio", { name: "5, Fully" });
  fireEvent.click(top);
  expect(top.checked).toBe(true);
});

test("a row of choices tells which one is on", () => {
  const onChange = vi.fn();
  const options = [
    { value: "all", label: "All" },
    { value: "care", label: "Need care" },
  ];
  show(<Segmented label="Show" value="all" options={options} onChange={onChange} />);
  expect(screen.getByRole("button", { name: "All" }).getAttribute("aria-pressed")).toBe("true");
  fireEvent.click(screen.getByRole("button", { name: "Need care" }));
  expect(onChange).toHaveBeenCalledWith("care");
});

test("a meter never leaves its bar", () => {
  show(<Meter value={12} max={10} label="Points" />);
  expect(screen.getByRole("meter", { name: "Points" }).firstElementChild?.getAttribute("style")).toContain(
    "100%",
  );
});

test("an error carries its number and a way to try again", () => {
  const onRetry = vi.fn();
  show(<ErrorState detail="It broke." requestId="req-1" onRetry={onRetry} />);
  expect(screen.getByRole("alert").textContent).toContain("req-1");
  fireEvent.click(screen.getByRole("button"));
  expect(onRetry).toHaveBeenCalledOnce();
});

test("a table keeps its name and its heads", () => {
  const columns = [{ key: "name", head: "Name", cell: (row: { name: string }) => row.name }];
  show(<Table caption="People" columns={columns} rows={[{ name: "Aino" }]} rowKey={(row) => row.name} />);
  expect(screen.getByRole("table", { name: "People" })).toBeDefined();
  expect(screen.getByRole("columnheader", { name: "Name" })).toBeDefined();
  expect(screen.getByRole("cell", { name: "Aino" })).toBeDefined();
});

test("a window that was opened again is not closed by the word of its last closing, which comes later", () => {
  const onClose = vi.fn();
  const dialog = (open: boolean) => (
    <I18nProvider i18n={i18n}>
      <Dialog open={open} onClose={onClose} title="A note">
        <p>Words</p>
      </Dialog>
    </I18nProvider>
  );
  const { rerender, container } = render(dialog(true));
  rerender(dialog(false));
  rerender(dialog(true));
  onClose.mockClear();
  container.querySelector("dialog")?.dispatchEvent(new Event("close"));
  expect(onClose).not.toHaveBeenCalled();
});
