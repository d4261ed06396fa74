export default function DocumentsTab() {
  return <main />;
}
