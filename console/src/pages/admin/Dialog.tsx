import { Modal } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface DialogProps {
  opened: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  size?: string;
}

const LATER_MS = 50;

/** Its content is made when it opens and gone when it closes, so that nothing typed or shown stays. */
export function Dialog({ opened, title, onClose, children, size = "md" }: DialogProps) {
  const { t } = useTranslation();
  useKeptFocus(opened);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      centered
      // What was typed, or is shown once, is not lost by a click beside it.
      closeOnClickOutside={false}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": t("actions.close") }}
      styles={{ title: { fontWeight: 600 } }}
    >
      {children}
    </Modal>
  );
}

/** The button that opened a dialog may be gone with what was deleted: the page's title has the focus then. */
function useKeptFocus(opened: boolean): void {
  useEffect(() => {
    if (!opened) return;
    return () => {
      setTimeout(() => {
        if (document.activeElement === document.body) document.querySelector<HTMLElement>("h1")?.focus();
      }, LATER_MS);
    };
  }, [opened]);
}
