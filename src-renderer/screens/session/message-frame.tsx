import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import { ActionIcon, Modal } from '@mantine/core';
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { MessageRow } from '../../../src-main/contract/sessions.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { MessageDetail, type MessageView } from './message-detail.tsx';
import { useWide } from './use-wide.ts';

interface MessageFrameProps {
  readonly session: string;
  readonly message: MessageRow;
  readonly onClose: () => void;
}

/** One message: beside the list where there is room, else over it. */
export function MessageFrame({ session, message, onClose }: MessageFrameProps) {
  const { words, common, language } = useSpeech();
  const announce = useAnnounce();
  const wide = useWide();
  const [view, setView] = useState<MessageView>('words');
  const title = words.screens.session.detail.title(countText(message.number, language));
  useEffect(() => {
    if (wide) announce(title);
  }, [announce, title, wide]);
  const detail = (
    <MessageDetail key={message.number} session={session} message={message} view={view} onView={setView} />
  );
  if (!wide) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={title}
        size="xl"
        closeButtonProps={{ 'aria-label': common.close }}
        classNames={{ title: 'dialog-title' }}
      >
        {detail}
      </Modal>
    );
  }
  return (
    <section
      className="panel message-side"
      aria-labelledby="message-title"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className="message-side-head">
        <h2 id="message-title">{title}</h2>
        <ActionIcon variant="subtle" color="gray" aria-label={common.close} onClick={onClose}>
          <X size="1.2em" aria-hidden="true" />
        </ActionIcon>
      </div>
      {detail}
    </section>
  );
}
