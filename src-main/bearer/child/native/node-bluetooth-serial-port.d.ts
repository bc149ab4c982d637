/** As much of npm node-bluetooth-serial-port 3.0.2 as is used; it has no types of its own. */
declare module 'node-bluetooth-serial-port' {
  export class BluetoothSerialPort {
    /** Its binding while it is connected; each octet that is read goes through it. */
    connection?: { read(callback: (error: unknown, octets?: Buffer) => void): void };
    connect(address: string, channel: number, onDone: () => void, onError: (error?: Error) => void): void;
    write(octets: Buffer, onDone: (error?: Error) => void): void;
    close(): void;
    on(event: 'data', listener: (octets: Buffer) => void): this;
    on(event: 'failure' | 'closed', listener: (error?: Error) => void): this;
  }
}
