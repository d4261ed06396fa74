export default function DocumentPage() {
  return <main />;
}
