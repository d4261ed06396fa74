import { useTranslation } from "react-i18next";

import type { Member } from "../../../api/members";
import { Once } from "../Once";

interface NewPasswordProps {
  member: Member;
  password: string;
  onClose: () => void;
}

export function NewPassword({ member: { name, login }, password, onClose }: NewPasswordProps) {
  const { t } = useTranslation("members");
  return <Once text={password} name={t("passwordOf", { name })} warning={t("warning", { login })} onClose={onClose} />;
}
