import './servers.css';
import { Button } from '@mantine/core';
import { Plus, Server } from 'lucide-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { ProfileView } from '../../../src-main/contract/results.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useHasState, useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { ProfileCard } from './profile-card.tsx';
import { ProfileDialog } from './profile-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';

const NONE: readonly ProfileView[] = [];

/** The DM servers: add, edit, remove, and test the way to each. */
export function ServersScreen() {
  const { words, common } = useSpeech();
  const { servers } = words.screens;
  const known = useHasState();
  const profiles = useHost((state) => state.profiles, NONE);
  const offline = useHost((state) => state.offline, false);
  const [form, setForm] = useState<{ readonly profile: ProfileView | undefined } | undefined>();
  const [leaving, setLeaving] = useState<ProfileView | undefined>();
  const add = useRef<HTMLButtonElement>(null);
  useFocusWhenLost(profiles.length, add);
  const addButton = (
    <Button
      ref={add}
      leftSection={<Plus size="1.1em" aria-hidden="true" />}
      onClick={() => setForm({ profile: undefined })}
    >
      {servers.add}
    </Button>
  );
  const empty = profiles.length === 0;
  return (
    <>
      <PageHeader title={common.places.servers} hint={servers.hint}>
        {known && !empty && addButton}
      </PageHeader>
      {known && offline && !empty && (
        <div className="servers-notice">
          <Notice tone="needs-you" title={servers.offline.title} level={2}>
            <p>{servers.offline.text}</p>
            <Link href="/network">{servers.offline.link}</Link>
          </Notice>
        </div>
      )}
      {!known && <Loading />}
      {known && empty && (
        <EmptyState icon={Server} title={servers.emptyTitle} text={servers.empty}>
          {addButton}
        </EmptyState>
      )}
      {!empty && (
        <ul className="profiles">
          {inOrder(profiles).map((profile) => (
            <ProfileCard
              key={profile.id}
              profile={profile}
              offline={offline}
              onEdit={() => setForm({ profile })}
              onRemove={() => setLeaving(profile)}
            />
          ))}
        </ul>
      )}
      <ProfileDialog
        opened={form !== undefined}
        profile={form?.profile}
        others={profiles.filter(({ id }) => id !== form?.profile?.id)}
        onClose={() => setForm(undefined)}
      />
      <RemoveDialog profile={leaving} onClose={() => setLeaving(undefined)} />
    </>
  );
}

/** The default first, then by name. */
function inOrder(profiles: readonly ProfileView[]): readonly ProfileView[] {
  return profiles.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name));
}

/** Where a row with the focus went away, it goes to what is always there. */
function useFocusWhenLost(count: number, target: RefObject<HTMLElement | null>): void {
  const before = useRef(count);
  useEffect(() => {
    const fewer = count < before.current;
    before.current = count;
    if (fewer && document.activeElement === document.body) target.current?.focus();
  }, [count, target]);
}
