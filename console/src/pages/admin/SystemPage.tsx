export default function SystemPage() {
  return <main />;
}
