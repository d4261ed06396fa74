import { Box, Table } from "@mantine/core";
import type { ReactNode } from "react";

interface ProseCellProps {
  minWidth?: number;
  children: ReactNode;
}

/** A cell whose text may take several lines; words are broken only where they are longer than the cell. */
export function ProseCell({ minWidth = 120, children }: ProseCellProps) {
  return (
    <Table.Td style={{ whiteSpace: "normal", overflowWrap: "anywhere" }}>
      <Box miw={minWidth}>{children}</Box>
    </Table.Td>
  );
}
