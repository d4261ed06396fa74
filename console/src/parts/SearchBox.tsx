import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const CALM_MS = 300;

interface SearchBoxProps {
  label: string;
  value: string;
  onSearch: (keyword: string) => void;
}

/** Asks when the typing has paused. */
export function SearchBox({ label, value, onSearch }: SearchBoxProps) {
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
      rightSection={text && <CloseButton size="sm" aria-label={t("actions.delete")} onClick={() => change("")} />}
      value={text}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      w={{ base: "100%", sm: 280 }}
    />
  );
}
