export default function MembersPage() {
  return <main />;
}
