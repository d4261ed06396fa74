import { Fieldset, Stack } from "@mantine/core";
import type { ReactNode } from "react";

/** A group of inputs that is no box of its own. */
export function Inputs({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <Fieldset legend={legend} variant="unstyled">
      <Stack gap="xs">{children}</Stack>
    </Fieldset>
  );
}
