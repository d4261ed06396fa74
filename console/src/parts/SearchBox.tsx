import { CloseButton, TextInput, type TextInputProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const CALM_MS = 300;

interface SearchBoxProps {
  label: string;
  value: string;
  onSearch: (keyword: string) => void;
  /** How it stands in its row. */
  shape?: Pick<TextInputProps, "size" | "w" | "flex" | "miw">;
}

const USUAL_SHAPE: SearchBoxProps["shape"] = { w: { base: "100%", sm: 280 } };

/** Asks when the typing has paused; until then nobody else has work with what is typed. */
export function SearchBox({ label, value, onSearch, shape = USUAL_SHAPE }: SearchBoxProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const search = useDebouncedCallback((typed: string) => onSearch(typed.trim()), CALM_MS);
  const change = (typed: string) => {
    setText(typed);
    search(typed);
  };
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text && <CloseButton size="sm" aria-label={t("actions.clear")} onClick={() => change("")} />}
      value={text}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      {...shape}
    />
  );
}
