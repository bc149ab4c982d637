export function PromptDialog() {
  return null;
}
