import { Table, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";

export interface Column {
  name: string;
  /** Said to screen readers alone. */
  isHidden?: boolean;
  isNumber?: boolean;
  width?: number | string;
}

interface ListTableProps {
  /** What the table is of. */
  label: string;
  columns: readonly Column[];
  minWidth?: number;
  children: ReactNode;
}

export function ListTable({ label, columns, minWidth = 720, children }: ListTableProps) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      type="native"
      pos="relative"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <Table
        verticalSpacing="xs"
        horizontalSpacing="sm"
        highlightOnHover
        aria-label={label}
        style={{ whiteSpace: "nowrap" }}
      >
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.name} scope="col" w={column.width} ta={column.isNumber ? "right" : undefined}>
                {column.isHidden ? <VisuallyHidden>{column.name}</VisuallyHidden> : column.name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
