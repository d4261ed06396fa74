import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useId, useState, type ReactNode } from "react";

import classes from "./Disclosure.module.css";

/** What is inside is made when it is first opened: shapes may hold themselves. */
export function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div>
      <UnstyledButton
        className={classes.button}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <IconChevronRight className={classes.chevron} data-open={isOpen || undefined} size={14} aria-hidden />
        {label}
      </UnstyledButton>
      {isOpen && (
        <div id={id} className={classes.inside}>
          {children}
        </div>
      )}
    </div>
  );
}
