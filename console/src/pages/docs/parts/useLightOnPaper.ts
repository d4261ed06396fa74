import { useEffect } from "react";

const SCHEME = "data-mantine-color-scheme";

/** Paper is white, whatever the screen is. */
export function useLightOnPaper(): void {
  useEffect(() => {
    const paper = matchMedia("print");
    const page = document.documentElement;
    let onScreen = page.getAttribute(SCHEME) ?? "light";
    const change = () => {
      if (paper.matches) onScreen = page.getAttribute(SCHEME) ?? onScreen;
      page.setAttribute(SCHEME, paper.matches ? "light" : onScreen);
    };
    paper.addEventListener("change", change);
    return () => paper.removeEventListener("change", change);
  }, []);
}
