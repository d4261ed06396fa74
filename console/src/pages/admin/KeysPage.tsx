export default function KeysPage() {
  return <main />;
}
