const KEPT_MS = 60_000;

/** Has the browser save it as a download. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers still read it for a moment after the click.
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
