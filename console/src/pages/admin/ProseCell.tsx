import { Table } from "@mantine/core";
import type { ReactNode } from "react";

/** A cell whose text may take several lines. */
export function ProseCell({ children }: { children: ReactNode }) {
  return <Table.Td style={{ whiteSpace: "normal", overflowWrap: "anywhere" }}>{children}</Table.Td>;
}
