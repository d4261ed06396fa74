import { Paper, Skeleton, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

import { Failure } from "../../parts/Failure";

interface ListingProps {
  error: unknown;
  isPending: boolean;
  isEmpty: boolean;
  /** What to say in place of an empty list, and what to do about it. */
  empty: ReactNode;
  children: ReactNode;
}

const ROWS = [0, 1, 2, 3, 4];

/** The card a list stands in: while it comes, when it failed, when there is nothing, and itself. */
export function Listing({ error, isPending, isEmpty, empty, children }: ListingProps) {
  if (error && isPending) return <Failure error={error} />;
  if (isPending)
    return (
      <Paper withBorder p="md">
        <Stack gap="sm" aria-busy>
          {ROWS.map((row) => (
            <Skeleton key={row} height={28} />
          ))}
        </Stack>
      </Paper>
    );
  if (error) return <Failure error={error} />;
  if (isEmpty)
    return (
      <Paper withBorder p="xl" ta="center">
        <Text component="div" c="dimmed">
          {empty}
        </Text>
      </Paper>
    );
  return (
    <Paper withBorder p="xs">
      {children}
    </Paper>
  );
}
