/** Gives a person a file with this text, as a download. */
export function saveText(name: string, type: string, pieces: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([...pieces], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun in the meantime and keeps what it reads.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
