import { Badge, type BadgeProps } from "@mantine/core";
import type { ReactNode } from "react";

/** A word that tells how something stands; never cut, however narrow its column is. */
export function Tag({ children, ...badge }: BadgeProps & { children: ReactNode }) {
  return (
    <Badge variant="light" tt="none" fw={600} miw="max-content" {...badge}>
      {children}
    </Badge>
  );
}
