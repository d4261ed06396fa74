export default import.meta.glob<object>("./*.json", { eager: true, import: "default" });
