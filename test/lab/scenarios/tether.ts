import { run } from './guest.ts';

/** Where a namespace's end of a cable is. */
interface Ends {
  readonly computer: string;
  readonly phone: string;
}

/** A machine of its own, with a network, that hangs on the computer by a cable: a tethered phone, or somebody else. */
export class Tether {
  readonly name: string;
  readonly ends: Ends;
  /** The computer's network interface. */
  readonly link: string;

  /** @param network the third octet of its addresses, another for each */
  constructor(name: string, network: number) {
    this.name = name;
    this.link = `to-${name}`;
    this.ends = { computer: `10.55.${network}.1`, phone: `10.55.${network}.2` };
  }

  /** The cable goes in. */
  plug(): void {
    if (!run('ip', 'netns', 'list').split(/\s+/).includes(this.name)) run('ip', 'netns', 'add', this.name);
    run('ip', 'link', 'add', this.link, 'type', 'veth', 'peer', 'name', 'usb0', 'netns', this.name);
    run('ip', 'address', 'add', `${this.ends.computer}/24`, 'dev', this.link);
    run('ip', 'link', 'set', this.link, 'up');
    const commands = ['link set lo up', `address add ${this.ends.phone}/24 dev usb0`, 'link set usb0 up'];
    for (const command of commands) run('ip', '-n', this.name, ...command.split(' '));
    run('ip', '-n', this.name, 'route', 'add', 'default', 'via', this.ends.computer);
  }

  /** Surprise removal: the interface is gone, and its address with it. */
  unplug(): void {
    run('ip', 'link', 'delete', this.link);
  }

  /** The command that runs a program there. */
  within(...command: readonly string[]): readonly string[] {
    return ['ip', 'netns', 'exec', this.name, ...command];
  }
}
