import { useTranslation } from "react-i18next";

import type { MadeKey as Made } from "../../../api/keys";
import { Once } from "../Once";

export function MadeKey({ made, onClose }: { made: Made; onClose: () => void }) {
  const { t } = useTranslation("keys");
  return <Once text={made.text} name={t("made", { name: made.key.name })} warning={t("warning")} onClose={onClose} />;
}
