import { ScrollArea } from "@mantine/core";
import type { ReactNode } from "react";

/** A table that may be wider than the screen: what scrolls must be reached by the keyboard. */
export function ScrolledTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ScrollArea type="auto" mb="sm" viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
      {children}
    </ScrollArea>
  );
}
